package com.sharestack.billing;

import com.sharestack.contract.AccessService;
import com.sharestack.contract.AdminFinanceService;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.UsersService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.service.DomainVerticle;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import java.time.Clock;

/** Hosts the services of the billing domain. */
public final class BillingVerticle extends DomainVerticle {

  public BillingVerticle(Platform platform) {
    super("billing", platform);
  }

  @Override
  protected void serve(ServiceHost host, Platform platform) {
    Db db = platform.db();
    Clock clock = platform.clock();
    Config.Billing settings = platform.config().billing();
    Tables tables = new Tables();
    Creators creators = new Creators(host.client(UsersService.class));
    PlanCreation planCreation =
        new PlanCreation(db, clock, tables, creators, settings.requireCertifiedCreator());
    PlanEditing planEditing =
        new PlanEditing(db, clock, tables, creators, settings.requireCertifiedCreator());
    SubscriptionCreation subscriptionCreation =
        new SubscriptionCreation(
            db, clock, platform.outbox(), tables, creators, new CheckoutRules(settings));
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
  }
}
