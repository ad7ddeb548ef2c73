package com.sharestack.billing;

import com.sharestack.contract.BillingCycle;
import com.sharestack.contract.ContentScope;
import com.sharestack.contract.EntitlementLevel;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.PlanCreate;
import com.sharestack.contract.PlanEntitlements;
import com.sharestack.contract.PlanUpdate;
import com.sharestack.contract.wire.Patch;
import com.sharestack.platform.errors.Errors;
import com.sharestack.platform.money.Money;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a plan must be, beyond the shapes the contract checks (entry plans.create). */
final class PlanRules {

  /** Live plans of one creator. */
  static final int MOST_PLANS = 50;

  private static final String CURRENCY = "CNY";
  private static final long LEAST_PRICE_FEN = 100;
  private static final long MOST_PRICE_FEN = 9_999_999_999L;
  private static final int METADATA_BYTES = 4096;

  private PlanRules() {}

  /**
   * The plan to store for {@code creatorId}.
   *
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR or CURRENCY_UNSUPPORTED
   */
  static NewPlan accept(long creatorId, PlanCreate wanted) {
    if (!CURRENCY.equals(wanted.currency())) {
      throw Errors.of(ErrorCode.CURRENCY_UNSUPPORTED, "currency", wanted.currency());
    }
    String name = wanted.name().strip();
    if (name.isEmpty()) {
      throw Errors.invalid("name", "方案名称不能为空");
    }
    long priceFen = Money.toFen(wanted.price());
    requirePrice(priceFen);
    requireTrial(wanted.trialDays(), priceFen, wanted.billingCycle());
    JsonObject metadata = wanted.metadata() == null ? new JsonObject() : wanted.metadata();
    requireMetadata(metadata);
    return new NewPlan(
        creatorId,
        name,
        wanted.description() == null ? "" : wanted.description(),
        priceFen,
        wanted.billingCycle(),
        wanted.features() == null ? List.of() : wanted.features(),
        wanted.trialDays(),
        wanted.isActive(),
        metadata.getBoolean("default", false),
        metadata.getInteger("sort_order", 0),
        defaultEntitlements(priceFen),
        metadata);
  }

  /**
   * The plan as {@code wanted} makes it, checked like a new one. Entitlements stay, unless the plan
   * turns from free to priced or back.
   *
   * @throws io.vertx.serviceproxy.ServiceException VALIDATION_ERROR, CURRENCY_UNSUPPORTED, CONFLICT
   *     plan_sold
   */
  static NewPlan change(PlanRow plan, PlanUpdate wanted) {
    String description = Patch.orElse(wanted.description(), plan.description());
    NewPlan changed =
        accept(
            plan.creatorId(),
            PlanCreate.builder()
                .name(Patch.orElse(wanted.name(), plan.name()))
                .description(description)
                .price(Patch.orElse(wanted.price(), Money.ofFen(plan.priceFen())))
                .currency(Patch.orElse(wanted.currency(), CURRENCY))
                .billingCycle(Patch.orElse(wanted.billingCycle(), plan.cycle()))
                .features(Patch.orElse(wanted.features(), plan.features()))
                .trialDays(Patch.orElse(wanted.trialDays(), plan.trialDays()))
                .isActive(Patch.orElse(wanted.isActive(), plan.active()))
                .metadata(Patch.orElse(wanted.metadata(), plan.metadata()))
                .build());
    boolean otherKind = changed.priceFen() > 0 != plan.priced();
    if (plan.everSold() && (otherKind || changed.cycle() != plan.cycle())) {
      throw conflict(
          "plan_sold",
          changed.cycle() != plan.cycle() ? "billing_cycle" : "price",
          "方案售出后不能更改计费周期，也不能在免费与付费之间转换，请新建方案");
    }
    return otherKind ? changed : changed.withEntitlements(plan.entitlements());
  }

  private static void requirePrice(long priceFen) {
    if (priceFen != 0 && priceFen < LEAST_PRICE_FEN) {
      throw Errors.invalid("price", "价格须为 0.00（免费）或不低于 1.00 元");
    }
    if (priceFen > MOST_PRICE_FEN) {
      throw Errors.invalid("price", "价格最高 99999999.99 元");
    }
  }

  private static void requireTrial(int days, long priceFen, BillingCycle cycle) {
    if (days > 0 && priceFen == 0) {
      throw Errors.invalid("trial_days", "免费方案不能设置试用期");
    }
    if (days > 0 && cycle == BillingCycle.LIFETIME) {
      throw Errors.invalid("trial_days", "终身方案不能设置试用期");
    }
  }

  /** Known keys have a type; others are the creator's own. */
  private static void requireMetadata(JsonObject metadata) {
    if (metadata.encode().getBytes(StandardCharsets.UTF_8).length > METADATA_BYTES) {
      throw Errors.invalid("metadata", "附加信息不能超过 4 KB");
    }
    requireType(metadata, "default", Boolean.class, "须为布尔值");
    requireType(metadata, "recommended", Boolean.class, "须为布尔值");
    requireSortOrder(metadata.getValue("sort_order", 0));
    requireType(metadata, "category", String.class, "须为文本");
    requireType(metadata, "target_audience", String.class, "须为文本");
  }

  /** By value: the class of an integer depends on the way it came. */
  private static void requireSortOrder(Object value) {
    try {
      if (value instanceof Number) {
        new BigDecimal(value.toString()).intValueExact();
        return;
      }
    } catch (ArithmeticException | NumberFormatException notAnInt) {
      // said below, like every other value that is none
    }
    throw Errors.invalid("metadata.sort_order", "须为整数");
  }

  private static void requireType(
      JsonObject metadata, String key, Class<?> type, String complaint) {
    if (metadata.containsKey(key) && !type.isInstance(metadata.getValue(key))) {
      throw Errors.invalid("metadata." + key, complaint);
    }
  }

  /** Everything of the creator; what is sold singly only for subscribers who pay. */
  static PlanEntitlements defaultEntitlements(long priceFen) {
    return new PlanEntitlements(
        ContentScope.ALL,
        priceFen > 0
            ? List.of(EntitlementLevel.SUBSCRIBERS, EntitlementLevel.PAID)
            : List.of(EntitlementLevel.SUBSCRIBERS),
        List.of(),
        List.of(),
        List.of());
  }

  /** Whether a plan goes on sale for money, which only certified creators may do. */
  static boolean needsCertification(NewPlan plan) {
    return plan.active() && plan.priceFen() > 0;
  }

  /** The CONFLICT a unique key of {@code plans} stands for. */
  static RuntimeException conflict(String index) {
    return switch (index) {
      case "uk_plans_live_name" -> conflict("NAME_TAKEN", "name", "已有同名的订阅方案");
      case "uk_plans_live_free" -> conflict("FREE_PLAN_EXISTS", "price", "每位创作者只能有一个免费方案");
      case "uk_plans_live_default" ->
          conflict("DEFAULT_PLAN_EXISTS", "metadata.default", "该计费周期已有默认方案");
      default -> throw new IllegalStateException("plans has no rule for key " + index);
    };
  }

  static RuntimeException tooMany() {
    return Errors.of(
        ErrorCode.CONFLICT,
        "reason",
        "PLAN_LIMIT_REACHED",
        "limit",
        MOST_PLANS,
        "message",
        "最多只能有 " + MOST_PLANS + " 个订阅方案");
  }

  private static RuntimeException conflict(String reason, String field, String message) {
    return Errors.of(ErrorCode.CONFLICT, "reason", reason, "field", field, "message", message);
  }
}
