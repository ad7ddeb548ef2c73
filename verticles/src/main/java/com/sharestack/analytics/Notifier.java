package com.sharestack.analytics;

import com.sharestack.contract.AccountStatus;
import com.sharestack.contract.Activation;
import com.sharestack.contract.Caller;
import com.sharestack.contract.ContentStatusChangedEvent;
import com.sharestack.contract.FinanceReportFinishedEvent;
import com.sharestack.contract.IdBatch;
import com.sharestack.contract.MessageSentEvent;
import com.sharestack.contract.NotificationMetadata;
import com.sharestack.contract.PaymentCompletedEvent;
import com.sharestack.contract.PaymentFailedEvent;
import com.sharestack.contract.PaymentRefundedEvent;
import com.sharestack.contract.SubscriberIds;
import com.sharestack.contract.SubscribersQuery;
import com.sharestack.contract.SubscriptionActivatedEvent;
import com.sharestack.contract.SubscriptionCancelledEvent;
import com.sharestack.contract.SubscriptionPastDueEvent;
import com.sharestack.contract.SubscriptionReminderEvent;
import com.sharestack.contract.SubscriptionRenewedEvent;
import com.sharestack.contract.SubscriptionWelcomesDueRequest;
import com.sharestack.contract.SubscriptionWelcomesService;
import com.sharestack.contract.SubscriptionsService;
import com.sharestack.contract.SubscriptionsSubscribersRequest;
import com.sharestack.contract.UserCard;
import com.sharestack.contract.UserLoginSuspiciousEvent;
import com.sharestack.contract.UserType;
import com.sharestack.contract.UsersCardsRequest;
import com.sharestack.contract.UsersService;
import com.sharestack.contract.Welcome;
import com.sharestack.contract.WelcomesQuery;
import com.sharestack.platform.db.Db;
import com.sharestack.platform.db.DuplicateKeyException;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.jobs.Job;
import com.sharestack.platform.jobs.JobHandler;
import com.sharestack.platform.jobs.JobQueue;
import com.sharestack.platform.service.Callers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes notifications, one step of a job at a time: asks other domains first, then commits rows
 * and progress together, then tells the counters.
 */
final class Notifier implements JobHandler {

  private static final int BATCH = 500;
  private static final int MERGE_TRIES = 3;

  private final Db db;
  private final JobQueue jobs;
  private final NotificationRepository notifications;
  private final UnreadCounters counters;
  private final UsersService users;
  private final SubscriptionsService subscriptions;
  private final SubscriptionWelcomesService welcomes;

  Notifier(
      Db db,
      JobQueue jobs,
      NotificationRepository notifications,
      UnreadCounters counters,
      UsersService users,
      SubscriptionsService subscriptions,
      SubscriptionWelcomesService welcomes) {
    this.db = db;
    this.jobs = jobs;
    this.notifications = notifications;
    this.counters = counters;
    this.users = users;
    this.subscriptions = subscriptions;
    this.welcomes = welcomes;
  }

  @Override
  public void step(Job job) {
    Task task = Task.of(job);
    switch (task.kind()) {
      case SUBSCRIPTION_NEW -> subscriptionNew(job, task);
      case SUBSCRIPTION_RENEWED -> renewed(job, task);
      case SUBSCRIPTION_CANCELLED -> cancelled(job, task);
      case SUBSCRIPTION_STOPPED -> {
        SubscriptionCancelledEvent cancelled = task.event(SubscriptionCancelledEvent.class);
        tell(job, cancelled.userId(), SubscriptionDrafts.stopped(task.eventId(), cancelled));
      }
      case RENEWAL_FAILED -> {
        SubscriptionPastDueEvent missed = task.event(SubscriptionPastDueEvent.class);
        tell(job, missed.userId(), SubscriptionDrafts.renewalFailed(task.eventId(), missed));
      }
      case SUBSCRIPTION_REMINDER -> {
        SubscriptionReminderEvent ahead = task.event(SubscriptionReminderEvent.class);
        tell(job, ahead.userId(), SubscriptionDrafts.reminder(task.eventId(), ahead));
      }
      case SUBSCRIPTION_WELCOME -> welcome(job, task);
      case PRIVATE_MESSAGE -> privateMessage(job, task);
      case SALE_NEW -> saleNew(job, task);
      case PAYMENT_DONE -> {
        PaymentCompletedEvent payment = task.event(PaymentCompletedEvent.class);
        tell(job, payment.userId(), PaymentDrafts.done(task.eventId(), payment));
      }
      case PAYMENT_FAILED -> {
        PaymentFailedEvent payment = task.event(PaymentFailedEvent.class);
        tell(job, payment.userId(), PaymentDrafts.failed(task.eventId(), payment));
      }
      case REFUND_RESULT -> {
        PaymentRefundedEvent refund = task.event(PaymentRefundedEvent.class);
        tell(job, refund.userId(), PaymentDrafts.refundResult(task.eventId(), refund));
      }
      case SALE_REFUNDED -> {
        PaymentRefundedEvent refund = task.event(PaymentRefundedEvent.class);
        tell(job, refund.creatorId(), PaymentDrafts.saleRefunded(task.eventId(), refund));
      }
      case NEW_CONTENT -> newContent(job, task);
      case CONTENT_REVIEW_RESULT -> reviewResult(job, task);
      case DATA_JOB -> reportFinished(job, task);
      case SECURITY_ALERT -> securityAlert(job, task);
    }
  }

  private void saleNew(Job job, Task task) {
    PaymentCompletedEvent payment = task.event(PaymentCompletedEvent.class);
    UserCard payer = cardOrGone(caller(job, task), payment.userId());
    tell(job, payment.creatorId(), PaymentDrafts.sale(task.eventId(), payment, payer));
  }

  private void securityAlert(Job job, Task task) {
    UserLoginSuspiciousEvent login = task.event(UserLoginSuspiciousEvent.class);
    tell(job, login.userId(), Drafts.securityAlert(task.eventId(), login));
  }

  private void reportFinished(Job job, Task task) {
    FinanceReportFinishedEvent report = task.event(FinanceReportFinishedEvent.class);
    tell(job, report.creatorId(), Drafts.reportFinished(task.eventId(), report));
  }

  private void reviewResult(Job job, Task task) {
    ContentStatusChangedEvent change = task.event(ContentStatusChangedEvent.class);
    ReviewOutcome outcome = ReviewOutcome.of(change).orElseThrow();
    tell(job, change.authorId(), Drafts.reviewResult(task.eventId(), change, outcome));
  }

  private void tell(Job job, long userId, Draft draft) {
    List<Long> reader = List.of(userId);
    db.tx(
        tx -> {
          notifications.insertForAll(tx, draft, reader);
          jobs.finish(tx, job);
          return null;
        });
    counters.changed(reader);
  }

  /** One batch of readers; the job comes again for the next one. */
  private void newContent(Job job, Task task) {
    ContentStatusChangedEvent published = task.event(ContentStatusChangedEvent.class);
    Caller caller = caller(job, task);
    Optional<UserCard> author = card(caller, published.authorId()).filter(Notifier::isHeard);
    if (author.isEmpty()) {
      finish(job);
      return;
    }
    SubscriberIds readers =
        subscriptions
            .subscribers(
                caller,
                new SubscriptionsSubscribersRequest(
                    new SubscribersQuery(published.authorId(), task.cursor(), BATCH)))
            .await();
    Draft draft = Drafts.newContent(task.eventId(), published, author.get());
    db.tx(
        tx -> {
          notifications.insertForAll(tx, draft, readers.subscriberIds());
          progress(tx, job, task, readers.nextAfter());
          return null;
        });
    counters.changed(readers.subscriberIds());
  }

  private void progress(Tx tx, Job job, Task task, Long nextAfter) {
    if (nextAfter == null) {
      jobs.finish(tx, job);
    } else {
      jobs.advance(tx, job, task.after(nextAfter).toJson());
    }
  }

  private void finish(Job job) {
    db.tx(
        tx -> {
          jobs.finish(tx, job);
          return null;
        });
  }

  /** Nobody is sent to read what staff has hidden. */
  private static boolean isHeard(UserCard author) {
    return author.status() == AccountStatus.ACTIVE && !author.contentHidden();
  }

  private void subscriptionNew(Job job, Task task) {
    SubscriptionActivatedEvent activated = task.event(SubscriptionActivatedEvent.class);
    tellCreator(
        job,
        task,
        SubscriberNews.SUBSCRIBED,
        activated.creatorId(),
        activated.userId(),
        activated.planName(),
        activated.at());
  }

  private void renewed(Job job, Task task) {
    SubscriptionRenewedEvent renewed = task.event(SubscriptionRenewedEvent.class);
    tellCreator(
        job,
        task,
        SubscriberNews.RENEWED,
        renewed.creatorId(),
        renewed.userId(),
        renewed.planName(),
        renewed.at());
  }

  private void cancelled(Job job, Task task) {
    SubscriptionCancelledEvent cancelled = task.event(SubscriptionCancelledEvent.class);
    tellCreator(
        job,
        task,
        SubscriberNews.CANCELLED,
        cancelled.creatorId(),
        cancelled.userId(),
        cancelled.planName(),
        cancelled.at());
  }

  private void tellCreator(
      Job job,
      Task task,
      SubscriberNews news,
      long creatorId,
      long subscriberId,
      String planName,
      Instant at) {
    UserCard subscriber = cardOrGone(caller(job, task), subscriberId);
    grow(
        job,
        new Growth(
            creatorId,
            news.mergeKey(),
            at.plus(news.kind().mergeWindow()),
            news.first(subscriber, planName),
            before -> news.more(before, subscriber),
            at));
  }

  /** Billing says whether this subscription is to be greeted. */
  private void welcome(Job job, Task task) {
    SubscriptionActivatedEvent activated = task.event(SubscriptionActivatedEvent.class);
    Caller caller = caller(job, task);
    Optional<Welcome> due =
        welcomes
            .due(
                caller,
                new SubscriptionWelcomesDueRequest(
                    new WelcomesQuery(
                        List.of(new Activation(activated.subscriptionId(), activated.at())))))
            .await()
            .items()
            .stream()
            .findFirst();
    Optional<UserCard> creator =
        due.flatMap(words -> card(caller, activated.creatorId())).filter(Notifier::isHeard);
    if (creator.isEmpty()) {
      finish(job);
      return;
    }
    tell(
        job,
        activated.userId(),
        Drafts.welcome(task.eventId(), activated, due.get(), creator.get()));
  }

  private void privateMessage(Job job, Task task) {
    MessageSentEvent message = task.event(MessageSentEvent.class);
    long conversation = message.conversationId();
    UserCard sender = cardOrGone(caller(job, task), message.senderId());
    grow(
        job,
        new Growth(
            message.recipientId(),
            NewMessages.mergeKey(conversation),
            null,
            NewMessages.first(sender, conversation),
            before -> NewMessages.more(before, sender, conversation),
            message.at()));
  }

  /**
   * One action that grows the open row of its merge key, or opens one.
   *
   * @param mergeUntil of a row that opens; null: as long as it is unread
   * @param more what an open row says after one more
   */
  private record Growth(
      long userId,
      String mergeKey,
      Instant mergeUntil,
      Merged first,
      Function<NotificationMetadata, Merged> more,
      Instant at) {}

  /** Of two that open a row at once the unique key lets one; the other then finds it open. */
  private void grow(Job job, Growth growth) {
    for (int attempt = 1; ; attempt++) {
      try {
        db.tx(
            tx -> {
              merge(tx, growth);
              jobs.finish(tx, job);
              return null;
            });
        break;
      } catch (DuplicateKeyException openedMeanwhile) {
        if (attempt == MERGE_TRIES) {
          throw openedMeanwhile;
        }
      }
    }
    counters.changed(List.of(growth.userId()));
  }

  /** Within the window of the open row it grows, after it a new row opens. */
  private void merge(Tx tx, Growth growth) {
    Optional<NotificationRepository.Open> open =
        notifications.lockOpen(tx, growth.userId(), growth.mergeKey());
    if (open.isPresent() && open.get().takes(growth.at())) {
      Merged text = growth.more().apply(open.get().metadata());
      notifications.grow(tx, open.get().id(), text, growth.at());
      return;
    }
    open.ifPresent(over -> notifications.closeMerge(tx, over.id()));
    notifications.insertOpen(
        tx, growth.userId(), growth.mergeKey(), growth.mergeUntil(), growth.first(), growth.at());
  }

  private UserCard cardOrGone(Caller caller, long userId) {
    return card(caller, userId).orElseGet(() -> gone(userId));
  }

  private Optional<UserCard> card(Caller caller, long userId) {
    return users
        .cards(caller, new UsersCardsRequest(new IdBatch(List.of(userId))))
        .await()
        .cards()
        .stream()
        .findFirst();
  }

  /** An account that was erased meanwhile still counts. */
  private static UserCard gone(long userId) {
    return UserCard.builder()
        .userId(userId)
        .username("user" + userId)
        .displayName("已注销用户")
        .userType(UserType.READER)
        .status(AccountStatus.DELETED)
        .build();
  }

  private static Caller caller(Job job, Task task) {
    return Callers.system(task.requestId() == null ? "job_" + job.id() : task.requestId());
  }
}
