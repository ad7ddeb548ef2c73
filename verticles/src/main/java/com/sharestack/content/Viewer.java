package com.sharestack.content;

import com.sharestack.contract.Caller;
import com.sharestack.platform.service.Callers;

/**
 * Who reads.
 *
 * @param userId null = anonymous
 * @param staff holds content:manage or moderation:review
 */
record Viewer(Long userId, boolean staff) {

  static final String MANAGE = "content:manage";
  static final String REVIEW = "moderation:review";

  static Viewer of(Caller caller) {
    return new Viewer(caller.userId(), Callers.may(caller, MANAGE) || Callers.may(caller, REVIEW));
  }

  boolean anonymous() {
    return userId == null;
  }

  boolean wrote(ArticleRow article) {
    return userId != null && userId == article.authorId();
  }
}
