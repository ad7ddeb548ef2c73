package com.sharestack.billing.payments;

import com.sharestack.billing.rails.Answer;
import com.sharestack.billing.rails.Channel;
import com.sharestack.billing.rails.Inbound;
import com.sharestack.billing.rails.Rail;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ChannelAnswer;
import com.sharestack.contract.ChannelNotification;
import com.sharestack.contract.WebhooksReceiveRequest;
import com.sharestack.contract.WebhooksService;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** Operation {@code webhooks.receive}: bytes of a channel in, its kind of answer out. */
public final class WebhooksServiceImpl implements WebhooksService {

  private static final int NOT_CONFIGURED = 503;

  private final Channels channels;
  private final NoticeIntake notices;

  public WebhooksServiceImpl(PaymentCore core) {
    this.channels = core.parts().channels();
    this.notices = core.notices();
  }

  @Override
  public Future<ChannelAnswer> receive(Caller caller, WebhooksReceiveRequest request) {
    ChannelNotification came = request.body();
    Channel channel = Channel.valueOf(came.channel().toUpperCase(Locale.ROOT));
    Optional<Rail> rail = channels.rail(Channels.method(channel));
    if (rail.isEmpty()) {
      return Future.succeededFuture(
          new ChannelAnswer(NOT_CONFIGURED, "text/plain; charset=utf-8", "fail"));
    }
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    came.headers().forEach(headers::add);
    Inbound inbound = new Inbound(headers, Buffer.buffer(Base64.getDecoder().decode(came.body())));
    Answer answer = notices.receive(rail.get(), inbound, came.ip());
    return Future.succeededFuture(
        new ChannelAnswer(answer.status(), answer.contentType(), answer.body()));
  }
}
