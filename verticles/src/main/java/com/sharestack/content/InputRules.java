package com.sharestack.content;

import com.sharestack.content.text.Slugs;
import com.sharestack.content.text.TextRenderer;
import com.sharestack.contract.Chapter;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.Visibility;
import com.sharestack.platform.errors.Errors;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What the contract's schema cannot say about the fields of an article (articles.create). */
final class InputRules {

  private final Categories categories;
  private final Set<String> mediaHosts;

  InputRules(Categories categories, Set<String> mediaHosts) {
    this.categories = categories;
    this.mediaHosts = mediaHosts;
  }

  /** Later than now, at most a year ahead. */
  static void schedule(Instant at, Instant now) {
    if (at == null) {
      return;
    }
    if (!at.isAfter(now)) {
      throw Errors.invalid("scheduled_at", "定时发布时间必须晚于当前时间");
    }
    if (at.isAfter(now.atOffset(ZoneOffset.UTC).plusYears(1).toInstant())) {
      throw Errors.invalid("scheduled_at", "定时发布时间不能超过一年");
    }
  }

  static void content(String content) {
    if (content == null || content.isBlank()) {
      throw Errors.invalid("content", "文章内容不能为空");
    }
    if (content.length() > TextRenderer.MAX_SOURCE_BYTES
        || content.getBytes(StandardCharsets.UTF_8).length > TextRenderer.MAX_SOURCE_BYTES) {
      throw Errors.of(ErrorCode.PAYLOAD_TOO_LARGE, "max_bytes", TextRenderer.MAX_SOURCE_BYTES);
    }
  }

  static void title(String title) {
    if (title.isBlank()) {
      throw Errors.invalid("title", "标题不能为空");
    }
  }

  /** Uploads and series do not exist yet, so no id of one is known. */
  static void references(
      String mediaFileId, List<String> attachmentIds, List<Chapter> chapters, Long seriesId) {
    if (mediaFileId != null) {
      throw Errors.invalid("media_file_id", "媒体文件不存在或不属于您");
    }
    if (attachmentIds != null && !attachmentIds.isEmpty()) {
      throw Errors.invalid("attachment_ids", "附件不存在或不属于您");
    }
    if (chapters != null && !chapters.isEmpty()) {
      throw Errors.invalid("chapters", "只有音频和视频可以设置章节");
    }
    if (seriesId != null) {
      throw Errors.invalid("series_id", "系列不存在或不属于您");
    }
  }

  static void price(Visibility visibility, Long priceFen, boolean included) {
    if (priceFen != null && visibility != Visibility.PAID) {
      throw Errors.invalid("price", "只有付费文章可以设置单篇价格");
    }
    if (!included && priceFen == null) {
      throw Errors.invalid("included_in_subscription", "不含在订阅内的文章必须设置单篇价格");
    }
  }

  static void slug(String slug) {
    if (slug != null) {
      Slugs.refusal(slug)
          .ifPresent(
              reason -> {
                throw Errors.invalid("custom_url", reason);
              });
    }
  }

  void category(Long id) {
    if (id == null) {
      return;
    }
    CategoryTree tree = categories.tree();
    CategoryRepository.CategoryRow row =
        tree.find(id).orElseThrow(() -> Errors.invalid("category_id", "分类不存在"));
    if (!tree.open(row)) {
      throw Errors.of(ErrorCode.BUSINESS_RULE_VIOLATION, "reason", "CATEGORY_INACTIVE");
    }
  }

  /** An image of an own host, or anything over https. */
  void image(String field, String url) {
    if (url == null) {
      return;
    }
    try {
      URI uri = new URI(url);
      String host = uri.getRawAuthority();
      boolean own =
          host != null
              && "http".equalsIgnoreCase(uri.getScheme())
              && mediaHosts.contains(host.toLowerCase(Locale.ROOT));
      if (own || (host != null && "https".equalsIgnoreCase(uri.getScheme()))) {
        return;
      }
    } catch (URISyntaxException malformed) {
      // said below, for every way an address can be wrong
    }
    throw Errors.invalid(field, "图片地址必须是 https 链接或本站媒体地址");
  }

  static void canonicalUrl(String url) {
    if (url != null && !url.matches("https?://[^\\s/?#]+.*")) {
      throw Errors.invalid("canonical_url", "规范链接必须是 http 或 https 地址");
    }
  }

  /** Shown names in the given order, one per key; the first spelling stays. */
  static List<String> tags(List<String> raw) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String tag : raw == null ? List.<String>of() : raw) {
      String name = Slugs.tagName(tag);
      Slugs.tagRefusal(name)
          .ifPresent(
              reason -> {
                throw Errors.invalid("tags", reason);
              });
      names.putIfAbsent(Slugs.tagKey(name), name);
    }
    return List.copyOf(names.values());
  }
}
