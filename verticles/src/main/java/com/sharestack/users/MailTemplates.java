package com.sharestack.users;

import com.sharestack.platform.mail.Letter;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of the mails: {@code users/mails/<template>.txt}, the first line the subject, then an
 * empty one, then the text, with {@code {name}} where a value of the payload goes.
 */
final class MailTemplates {

  private static final Pattern PLACE = Pattern.compile("\\{([a-z_]+)}");

  /** Values may be what a client chose, such as a device's name: one line, not endless. */
  private static final int VALUE_LENGTH = 500;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy年M月d日 HH:mm（北京时间）").withZone(ZoneId.of("Asia/Shanghai"));

  private record Words(String subject, String text) {}

  private final Map<String, Words> templates = new TreeMap<>();

  private MailTemplates() {}

  static MailTemplates bundled() {
    MailTemplates bundled = new MailTemplates();
    bundled.read(MailQueue.VERIFY_EMAIL);
    bundled.read(MailQueue.SUSPICIOUS_LOGIN);
    bundled.read(MailQueue.SESSION_STOLEN);
    return bundled;
  }

  private void read(String name) {
    try (InputStream in =
        MailTemplates.class.getResourceAsStream("/users/mails/" + name + ".txt")) {
      String file = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      int end = file.indexOf("\n\n");
      templates.put(name, new Words(file.substring(0, end), file.substring(end + 2)));
    } catch (IOException e) {
      throw new UncheckedIOException("the words of mail " + name, e);
    }
  }

  /**
   * @throws IllegalArgumentException for an unknown template, or a payload that lacks a value
   */
  Letter write(String template, String to, JsonObject payload) {
    Words words = templates.get(template);
    if (words == null) {
      throw new IllegalArgumentException("unknown mail template " + template);
    }
    return new Letter(to, fill(words.subject(), payload), fill(words.text(), payload));
  }

  private static String fill(String text, JsonObject payload) {
    return PLACE
        .matcher(text)
        .replaceAll(place -> Matcher.quoteReplacement(value(place.group(1), payload)));
  }

  private static String value(String name, JsonObject payload) {
    if (!payload.containsKey(name)) {
      throw new IllegalArgumentException("the payload of the mail lacks " + name);
    }
    String value = payload.getString(name);
    if (value == null || value.isBlank()) {
      return "未知";
    }
    if (name.equals("at") || name.endsWith("_at")) {
      return TIME.format(Instant.parse(value));
    }
    String line = value.replaceAll("\\p{Cntrl}+", " ");
    int length = line.codePointCount(0, line.length());
    return length <= VALUE_LENGTH
        ? line
        : line.substring(0, line.offsetByCodePoints(0, VALUE_LENGTH));
  }
}
