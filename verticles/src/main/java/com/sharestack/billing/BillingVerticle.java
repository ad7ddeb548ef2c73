package com.sharestack.billing;

import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentViews;
import com.sharestack.billing.payments.PaymentsServiceImpl;
import com.sharestack.billing.payments.RefundsServiceImpl;
import com.sharestack.billing.payments.WebhooksServiceImpl;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.AdminFinanceService;
import com.sharestack.contract.PaymentsService;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.RefundsService;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.WebhooksService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.service.DomainVerticle;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import io.vertx.core.Promise;
import java.time.Clock;

/** Hosts the services of the billing domain. */
public final class BillingVerticle extends DomainVerticle {

  /** Setting billing.refund_window_days, its default. */
  private static final int REFUND_WINDOW_DAYS = 30;

  private BillingAssembly assembly;

  public BillingVerticle(Platform platform) {
    super("billing", platform);
  }

  @Override
  protected void serve(ServiceHost host, Platform platform) {
    Db db = platform.db();
    Clock clock = platform.clock();
    Config.Billing settings = platform.config().billing();
    assembly = new BillingAssembly(vertx, platform);
    Tables tables = assembly.tables();
    Creators creators = new Creators(host.client(UsersService.class));
    CheckoutRules checkout = new CheckoutRules(settings);
    PlanCreation planCreation =
        new PlanCreation(db, clock, tables, creators, settings.requireCertifiedCreator());
    PlanEditing planEditing =
        new PlanEditing(db, clock, tables, creators, settings.requireCertifiedCreator());
    SubscriptionCreation subscriptionCreation =
        new SubscriptionCreation(db, clock, platform.outbox(), tables, creators, checkout);
    AccessChecks accessChecks =
        new AccessChecks(db, clock, tables, host.client(AccessService.class));
    host.serve(AdminFinanceService.class, new AdminFinanceServiceImpl(db, clock));
    host.serve(
        PlansService.class,
        new PlansServiceImpl(db, clock, tables, planCreation, planEditing, creators));
    host.serve(
        SubscriptionsService.class,
        new SubscriptionsServiceImpl(
            db, clock, tables, subscriptionCreation, accessChecks, creators));
    servePayments(host, platform, checkout);
  }

  private void servePayments(ServiceHost host, Platform platform, CheckoutRules checkout) {
    PaymentCore payments = assembly.payments();
    PaymentViews views = new PaymentViews(platform.config().rails().cashierUrl());
    host.serve(
        PaymentsService.class,
        new PaymentsServiceImpl(payments, views, checkout::requireReturnUrl));
    host.serve(RefundsService.class, new RefundsServiceImpl(payments, views, REFUND_WINDOW_DAYS));
    host.serve(WebhooksService.class, new WebhooksServiceImpl(payments));
  }

  @Override
  public void stop(Promise<Void> stopped) {
    assembly.close().onComplete(stopped);
  }
}
