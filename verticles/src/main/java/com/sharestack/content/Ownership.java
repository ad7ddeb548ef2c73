package com.sharestack.content;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.service.Callers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who may change an article: its author and holders of content:manage. */
final class Ownership {

  private static final Logger AUDIT = LoggerFactory.getLogger("com.sharestack.audit");

  private Ownership() {}

  /**
   * @throws io.vertx.serviceproxy.ServiceException FORBIDDEN/NOT_OWNER when the caller may know of
   *     the article, else NOT_FOUND
   */
  static void require(Caller caller, ArticleRow article, String act) {
    if (Callers.isUser(caller, article.authorId())) {
      return;
    }
    if (!Callers.may(caller, Viewer.MANAGE)) {
      throw refusal(caller, article);
    }
    audit(caller, article, act);
  }

  /** Moderators too. */
  static void requireForTakedown(Caller caller, ArticleRow article) {
    if (Callers.isUser(caller, article.authorId())) {
      return;
    }
    if (!Viewer.of(caller).staff()) {
      throw refusal(caller, article);
    }
    audit(caller, article, "unpublish");
  }

  private static RuntimeException refusal(Caller caller, ArticleRow article) {
    boolean known = Viewer.of(caller).staff() || (article.published() && !article.authorHidden());
    return known ? Errors.of(ErrorCode.FORBIDDEN, "reason", "NOT_OWNER") : Visible.notFound();
  }

  private static void audit(Caller caller, ArticleRow article, String act) {
    AUDIT.info(
        "user {} asks for {} of article {} of user {}, request_id={}",
        caller.userId(),
        act,
        article.id(),
        article.authorId(),
        caller.requestId());
  }
}
