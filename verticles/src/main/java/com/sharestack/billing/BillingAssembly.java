package com.sharestack.billing;

import com.sharestack.billing.payments.Channels;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentParts;
import com.sharestack.billing.purchases.PurchaseCore;
import com.sharestack.billing.rails.Rails;
import com.sharestack.billing.rails.RailsConfig;
import com.sharestack.platform.crypto.Sealer;
import com.sharestack.platform.service.Platform;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/**
 * What the services and the background work of this domain are made of; each verticle has its own,
 * as connections to the rails belong to its event loop.
 */
final class BillingAssembly {

  private final Tables tables = new Tables();
  private final Rails rails;
  private final PaymentCore payments;
  private final PurchaseCore purchases;

  BillingAssembly(Vertx vertx, Platform platform) {
    RailsConfig config = RailsSetup.of(platform.config());
    rails = Rails.create(vertx, config, platform.clock());
    payments =
        PaymentCore.of(
            PaymentParts.of(
                platform.db(),
                platform.clock(),
                platform.outbox(),
                tables.audit(),
                new Channels(rails, config, platform.config().billing().paymentChannels())),
            Sealer.ofKey(platform.config().secrets().data()));
    purchases = new PurchaseCore(payments);
  }

  Tables tables() {
    return tables;
  }

  PaymentCore payments() {
    return payments;
  }

  PurchaseCore purchases() {
    return purchases;
  }

  Future<Void> close() {
    return rails.close();
  }
}
