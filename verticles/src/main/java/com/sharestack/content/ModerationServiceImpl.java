package com.sharestack.content;

import com.sharestack.content.text.Moderation;
import com.sharestack.content.text.ModerationRules;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ModerationCheckRequest;
import com.sharestack.contract.ModerationService;
import com.sharestack.contract.ModerationVerdict;
import com.sharestack.contract.ModerationVerdicts;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;

/** Operations moderation.*: the keyword rules, for texts of other domains. */
final class ModerationServiceImpl implements ModerationService {

  private final Moderation moderation = new Moderation(ModerationRules.shipped());

  @Override
  public Future<ModerationVerdicts> check(Caller caller, ModerationCheckRequest request) {
    List<ModerationVerdict> verdicts = request.body().texts().stream().map(this::judge).toList();
    return Future.succeededFuture(new ModerationVerdicts(verdicts));
  }

  private ModerationVerdict judge(String text) {
    Moderation.Result result = moderation.judgeWords(text, Moderation.Settings.DEFAULT);
    return new ModerationVerdict(
        result.verdict().name().toLowerCase(Locale.ROOT), result.categories());
  }
}
