package com.sharestack.content;

import com.sharestack.contract.Caller;
import com.sharestack.contract.TrialContent;
import com.sharestack.contract.TrialGetRequest;
import com.sharestack.contract.TrialService;
import io.vertx.core.Future;

/** Operations trial.* of the contract. */
final class TrialServiceImpl implements TrialService {

  private final ArticleReader reader;

  TrialServiceImpl(ArticleReader reader) {
    this.reader = reader;
  }

  @Override
  public Future<TrialContent> get(Caller caller, TrialGetRequest request) {
    return Future.succeededFuture(reader.trial(caller, request.id()));
  }
}
