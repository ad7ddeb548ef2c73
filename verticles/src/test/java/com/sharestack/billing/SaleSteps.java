package com.sharestack.billing;

import com.sharestack.platform.events.OutboxQueue;
import java.time.Duration;

/** What happens next, and how everything comes to its end. */
final class SaleSteps {

  private final SaleWorld world;
  private final SaleRails rails;
  private final SaleStaff staff;
  private final SaleBuyers buyers;
  private final SaleCrowd crowd;

  SaleSteps(SaleWorld world) {
    this.world = world;
    this.rails = new SaleRails(world);
    this.staff = new SaleStaff(world);
    SaleOrders orders = new SaleOrders(world);
    this.buyers = new SaleBuyers(world, rails, orders, staff);
    this.crowd = new SaleCrowd(world, buyers, orders, staff);
  }

  void open() {
    staff.open();
  }

  void step() {
    int kind = world.random.nextInt(100);
    if (kind < 12) {
      buyers.ordered(buyers.subscribe());
    } else if (kind < 19) {
      buyers.ordered(buyers.buy());
    } else if (kind < 43) {
      rails.pay();
    } else if (kind < 50) {
      rails.deliverAny();
    } else if (kind < 56) {
      buyers.renew();
    } else if (kind < 62) {
      buyers.changePlan();
    } else if (kind < 67) {
      buyers.endOrResume();
    } else if (kind < 74) {
      buyers.refund();
    } else if (kind < 77) {
      staff.review();
    } else if (kind < 80) {
      buyers.aboutPayment();
    } else if (kind < 83) {
      crowd.atOnce();
    } else if (kind < 86) {
      buyers.again();
    } else if (kind < 92) {
      background();
    } else if (kind < 94) {
      time();
    } else if (kind < 95) {
      rails.fault();
    } else {
      rest();
    }
  }

  private void rest() {
    switch (world.random.nextInt(12)) {
      case 0, 1 -> staff.editPlan();
      case 2 -> staff.editArticle();
      case 3, 4 -> staff.coupon(world.oneIn(3) ? null : world.any(world.creators).userId());
      case 5 -> staff.renewByItself();
      case 6 -> buyers.read();
      default ->
          world.node().lifeline.dieAt(1 + world.random.nextInt(60), world.random.nextBoolean());
    }
  }

  private void background() {
    SaleNode at = world.node();
    world.run("background", world.any(at.jobs()));
  }

  private void time() {
    int kind = world.random.nextInt(20);
    world.advance(
        kind < 11
            ? Duration.ofSeconds(world.random.nextInt(1_200))
            : kind < 15
                ? Duration.ofHours(1 + world.random.nextInt(30))
                : kind < 19
                    ? Duration.ofDays(1 + world.random.nextInt(12))
                    : Duration.ofDays(20 + world.random.nextInt(50)));
    rails.refundLetters();
    if (kind >= 11) {
      world.run("lifecycle", world.node()::lifecycle);
    }
  }

  /** The rails are well, another process takes over, all waiting ends, everything is told. */
  void runOut() {
    rails.well();
    world.restart();
    rails.tellAll();
    for (int round = 0; round < 10; round++) {
      world.advance(Duration.ofHours(round < 7 ? 4 : 13));
      rails.refundLetters();
      staff.reviewAll();
      for (int times = 0; times < 2; times++) {
        world.node().jobs().forEach(Runnable::run);
        world.advance(Duration.ofMinutes(11));
      }
    }
    drainOutbox();
  }

  /** As the relay does; that consumers take each event once is the inbox's promise. */
  private void drainOutbox() {
    SaleNode at = world.node();
    at.node.await(
        () -> {
          OutboxQueue queue = new OutboxQueue(at.node.db(), world.rails.clock, "history");
          for (var batch = queue.claim(100); !batch.isEmpty(); batch = queue.claim(100)) {
            batch.forEach(event -> queue.published(event.id()));
          }
          return null;
        });
  }
}
