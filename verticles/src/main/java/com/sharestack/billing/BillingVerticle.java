package com.sharestack.billing;

import com.sharestack.billing.coupons.CouponAttempts;
import com.sharestack.billing.coupons.Coupons;
import com.sharestack.billing.payments.PaymentCore;
import com.sharestack.billing.payments.PaymentViews;
import com.sharestack.billing.payments.PaymentsServiceImpl;
import com.sharestack.billing.payments.RefundsServiceImpl;
import com.sharestack.billing.payments.WebhooksServiceImpl;
import com.sharestack.billing.purchases.PurchaseOffers;
import com.sharestack.billing.purchases.PurchasesServiceImpl;
import com.sharestack.billing.rates.ExchangeRatesServiceImpl;
import com.sharestack.billing.rates.RateFeed;
import com.sharestack.billing.reports.ReportRepository;
import com.sharestack.billing.reports.Reports;
import com.sharestack.contract.AccessService;
import com.sharestack.contract.AdminFinanceService;
import com.sharestack.contract.AdminMonitoringService;
import com.sharestack.contract.ArticleStatus;
import com.sharestack.contract.ArticlesService;
import com.sharestack.contract.ContentStatusChangedEvent;
import com.sharestack.contract.CouponsService;
import com.sharestack.contract.EarningsService;
import com.sharestack.contract.EventTopic;
import com.sharestack.contract.ExchangeRatesService;
import com.sharestack.contract.FinanceService;
import com.sharestack.contract.PaymentsService;
import com.sharestack.contract.PlansService;
import com.sharestack.contract.PurchasesService;
import com.sharestack.contract.RefundsService;
import com.sharestack.contract.SubscriptionSettingsService;
import com.sharestack.contract.SubscriptionWelcomesService;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.WebhooksService;
import com.sharestack.platform.config.Config;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.events.EventHandler;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.service.DomainVerticle;
import com.sharestack.platform.service.Platform;
import com.sharestack.platform.service.ServiceHost;
import io.vertx.core.Promise;
import java.time.Clock;
import java.util.Map;

/** Hosts the services of the billing domain. */
public final class BillingVerticle extends DomainVerticle {

  /** Setting billing.refund_window_days, its default. */
  private static final int REFUND_WINDOW_DAYS = 30;

  private BillingAssembly assembly;
  private RateFeed rateFeed;

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
    SubscriptionFlows flows =
        SubscriptionFlows.of(assembly.subscriptions(), assembly.payments(), creators, checkout);
    PaymentViews views = new PaymentViews(platform.config().rails().cashierUrl());
    AccessChecks accessChecks =
        new AccessChecks(db, clock, tables, host.client(AccessService.class));
    serveMoney(host, platform, tables, creators);
    serveRates(host, platform);
    host.serve(SubscriptionWelcomesService.class, new SubscriptionWelcomesServiceImpl(db));
    host.serve(
        AdminFinanceService.class,
        new AdminFinanceServiceImpl(
            db,
            clock,
            new AdminPayments(assembly.payments(), creators),
            new AdminReconciliations(assembly.payments())));
    host.serve(
        PlansService.class,
        new PlansServiceImpl(db, clock, tables, planCreation, planEditing, creators));
    host.serve(
        SubscriptionsService.class,
        new SubscriptionsServiceImpl(
            assembly.subscriptions(), flows, accessChecks, creators, views));
    servePayments(host, views, checkout);
    serveReports(host, platform, tables);
    servePurchases(host, platform, checkout, creators, views);
  }

  private void serveReports(ServiceHost host, Platform platform, Tables tables) {
    Db db = platform.db();
    Clock clock = platform.clock();
    Reports reports =
        new Reports(db, clock, new JobQueue(db, clock), new ReportRepository(), platform.storage());
    host.serve(
        FinanceService.class,
        new FinanceServiceImpl(clock, tables.audit(), reports, platform.storage()));
    host.serve(
        AdminMonitoringService.class, new AdminMonitoringServiceImpl(db, clock, tables.audit()));
  }

  private void servePurchases(
      ServiceHost host,
      Platform platform,
      CheckoutRules checkout,
      Creators creators,
      PaymentViews views) {
    host.serve(
        PurchasesService.class,
        new PurchasesServiceImpl(
            assembly.purchases(),
            new PurchaseOffers(
                host.client(ArticlesService.class), host.client(AccessService.class)),
            new CouponAttempts(
                platform.db(),
                platform.cache(),
                platform.clock(),
                platform.config().rates().operationFactor()),
            views,
            creators::ref,
            checkout::requireReturnUrl));
  }

  @Override
  protected Map<EventTopic, EventHandler> events() {
    return Map.of(
        EventTopic.CONTENT_STATUS_CHANGED,
        (tx, event) -> {
          ContentStatusChangedEvent change = event.payload(ContentStatusChangedEvent.class);
          if (change.to() != ArticleStatus.PUBLISHED) {
            assembly.purchases().withdrawn(tx, change.articleId());
          }
        });
  }

  private void servePayments(ServiceHost host, PaymentViews views, CheckoutRules checkout) {
    PaymentCore payments = assembly.payments();
    host.serve(
        PaymentsService.class,
        new PaymentsServiceImpl(payments, views, checkout::requireReturnUrl));
    host.serve(RefundsService.class, new RefundsServiceImpl(payments, views, REFUND_WINDOW_DAYS));
    host.serve(WebhooksService.class, new WebhooksServiceImpl(payments));
  }

  private void serveRates(ServiceHost host, Platform platform) {
    String url = platform.config().billing().exchangeRatesUrl();
    host.serve(
        ExchangeRatesService.class,
        new ExchangeRatesServiceImpl(platform.db(), platform.clock(), url));
    if (url != null) {
      rateFeed = new RateFeed(vertx, platform, url);
      rateFeed.start();
    }
  }

  @Override
  public void stop(Promise<Void> stopped) {
    if (rateFeed != null) {
      rateFeed.stop();
    }
    assembly.close().onComplete(stopped);
  }

  /** Coupons, their switch, and what creators earn. */
  private static void serveMoney(
      ServiceHost host, Platform platform, Tables tables, Creators creators) {
    Db db = platform.db();
    Clock clock = platform.clock();
    host.serve(
        CouponsService.class,
        new CouponsServiceImpl(
            db,
            clock,
            tables,
            host.client(AccessService.class),
            new CouponCreation(db, clock, tables, host.client(ArticlesService.class)),
            new Coupons(clock),
            new CouponAttempts(
                db, platform.cache(), clock, platform.config().rates().operationFactor())));
    host.serve(
        SubscriptionSettingsService.class, new SubscriptionSettingsServiceImpl(db, clock, tables));
    host.serve(EarningsService.class, new EarningsServiceImpl(db, clock, tables, creators));
  }
}
