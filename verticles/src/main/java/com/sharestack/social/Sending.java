package com.sharestack.social;

import com.sharestack.contract.Caller;
import com.sharestack.contract.ErrorCode;
import com.sharestack.contract.MessageSend;
import com.sharestack.contract.ModerationCheck;
import com.sharestack.contract.ModerationCheckRequest;
import com.sharestack.contract.ModerationService;
import com.sharestack.contract.ModerationVerdict;
import com.sharestack.platform.db.Tx;
import com.sharestack.platform.errors.Errors;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.serviceproxy.ServiceException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sends a message, for both doors. What other domains know (blocks, account, keyword rules) is
 * asked before the transaction, within the request: asking inside would hold a database connection
 * while another domain waits for one. A block that was answered before the send began is seen; one
 * that is made while it runs may come too late, as the contract allows.
 */
final class Sending {

  private final Core core;
  private final ModerationService moderation;
  private final OfflineNotices notices;
  private final CopyTest copies;
  private final TokenBucket bucket;

  Sending(Core core, ModerationService moderation, OfflineNotices notices, TokenBucket bucket) {
    this.core = core;
    this.moderation = moderation;
    this.notices = notices;
    this.copies = new CopyTest(core.messages(), core.vault());
    this.bucket = bucket;
  }

  /**
   * @param duplicate the client_msg_id was accepted before; {@code message} is that one as it is
   *     now
   */
  record Sent(MessageRow message, boolean duplicate, Map<Long, Long> heads) {

    static Sent again(MessageRow first) {
      return new Sent(first, true, Map.of());
    }
  }

  /** Returns after the commit. */
  Sent send(Caller caller, MessageSend body) {
    long sender = caller.userId();
    Draft draft = Draft.of(sender, body);
    Optional<MessageRow> first = core.messages().byClientId(core.db(), sender, draft.clientMsgId());
    if (first.isPresent()) {
      return repeated(draft, first.get());
    }
    Ask ask = ask(caller, sender, draft);
    try {
      Sent sent = core.db().tx(tx -> store(tx, sender, draft, ask));
      core.announce(sent.heads());
      return sent.duplicate() ? repeated(draft, sent.message()) : sent;
    } catch (Charged refused) {
      charge(sender);
      throw refused.error();
    }
  }

  private Sent repeated(Draft draft, MessageRow first) {
    boolean same =
        draft.sameRecipient(first) && core.vault().requestKey(draft).equals(first.requestKey());
    if (!same) {
      throw Errors.of(ErrorCode.IDEMPOTENCY_CONFLICT, "field", "client_msg_id");
    }
    return Sent.again(first);
  }

  /** What was found out before the transaction. */
  private record Ask(long recipient, Bonds bonds, ModerationVerdict verdict) {}

  private Ask ask(Caller caller, long sender, Draft draft) {
    long recipient =
        draft.toUserId() != null
            ? draft.toUserId()
            : core.rooms().require(core.db(), sender, draft.conversationId()).peer().userId();
    List<String> texts = draft.text() == null ? List.of() : List.of(draft.text());
    Future<List<ModerationVerdict>> verdicts =
        texts.isEmpty()
            ? Future.succeededFuture(List.of())
            : moderation
                .check(caller, new ModerationCheckRequest(new ModerationCheck(texts)))
                .map(answer -> answer.verdicts());
    Bonds bonds = core.peers().of(caller, sender, List.of(recipient));
    if (!bonds.known(recipient)) {
      throw Errors.of(ErrorCode.USER_NOT_FOUND);
    }
    return new Ask(recipient, bonds, verdicts.await().stream().findFirst().orElse(null));
  }

  private Sent store(Tx tx, long sender, Draft draft, Ask ask) {
    Instant now = core.now();
    Dialogue dialogue = core.rooms().lockOrMake(tx, sender, ask.recipient(), null, now);
    EventLog.Writer log = core.log().open(tx, now, sender, ask.recipient());
    // looked for under the sender's lock: no other send of his can slip in behind this
    Optional<MessageRow> first = core.messages().byClientId(tx, sender, draft.clientMsgId());
    if (first.isPresent()) {
      return Sent.again(first.get());
    }
    Map<Long, Wishes> wishes = core.settings().of(tx, List.of(sender, ask.recipient()));
    SendRules.refusal(SendRules.Standing.of(ask.bonds(), dialogue, wishes.get(ask.recipient())))
        .ifPresent(
            code -> {
              throw Errors.of(code);
            });
    requireParts(tx, dialogue, draft);
    TokenBucket.State left = requireToken(log.counter(sender).tokens(), now);
    log.tokens(sender, left);
    String normal = draft.text() == null ? "" : MessageText.normal(draft.text());
    moderate(tx, sender, draft, normal, ask.verdict(), now);
    boolean receipts = wishes.get(sender).receipts() && wishes.get(ask.recipient()).receipts();
    return write(tx, log, dialogue, draft, normal, receipts, ask, now);
  }

  private void requireParts(Tx tx, Dialogue dialogue, Draft draft) {
    if (draft.replyTo() != null) {
      core.messages()
          .byId(tx, draft.replyTo())
          .filter(row -> row.conversationId() == dialogue.id())
          .filter(row -> row.convSeq() > dialogue.mine().removedSeq())
          .orElseThrow(
              () -> Errors.of(ErrorCode.MESSAGE_NOT_FOUND, "field", "reply_to_message_id"));
    }
    if (draft.attachmentId() != null) {
      // nothing can be uploaded yet, so nobody owns an attachment
      throw Errors.of(ErrorCode.ATTACHMENT_NOT_FOUND);
    }
  }

  private TokenBucket.State requireToken(TokenBucket.State stored, Instant now) {
    TokenBucket.State present = bucket.at(stored, now);
    if (!TokenBucket.allows(present)) {
      throw Errors.of(
          ErrorCode.RATE_LIMIT_EXCEEDED, "retry_after", bucket.retryAfterSeconds(present));
    }
    return TokenBucket.take(present);
  }

  /** Steps 3 and 4 of the pipeline; a refusal stores nothing but costs its token. */
  private void moderate(
      Tx tx, long sender, Draft draft, String normal, ModerationVerdict verdict, Instant now) {
    if (verdict != null && verdict.verdict().equals("reject")) {
      throw new Charged(
          Errors.of(
              ErrorCode.CONTENT_MODERATION_FAILED,
              "categories",
              new io.vertx.core.json.JsonArray(verdict.categories())));
    }
    if (draft.text() != null && copies.isCopy(tx, sender, normal, now)) {
      throw new Charged(Errors.of(ErrorCode.SPAM_DETECTED));
    }
  }

  private Sent write(
      Tx tx,
      EventLog.Writer log,
      Dialogue dialogue,
      Draft draft,
      String normal,
      boolean receipts,
      Ask ask,
      Instant now) {
    long sender = dialogue.mine().userId();
    long recipient = dialogue.peer().userId();
    long seq = dialogue.conversation().headSeq() + 1;
    MessageRow row = row(dialogue, draft, seq, log.next(sender), now);
    Buffer textKey = normal.isEmpty() ? null : core.vault().textKey(normal);
    long id = core.messages().insert(tx, row, textKey);
    core.conversations().advance(tx, dialogue.id(), seq, id, now);
    boolean follows = ask.bonds().followedBy(recipient);
    boolean mayTell = receipts && (follows || !dialogue.peer().request());
    settleRead(tx, dialogue, mayTell, now);
    core.conversations().update(tx, dialogue.mine().wrote(seq, mayTell, now));
    MemberRow received = dialogue.peer().received(follows, now);
    core.conversations().update(tx, received);
    EventDraft event = EventDraft.message(EventDraft.NEW, dialogue.id(), id);
    log.add(sender, event);
    log.add(recipient, event);
    if (dialogue.peer().archived() && !dialogue.peer().muted()) {
      log.add(recipient, EventDraft.updated(dialogue.id()));
    }
    Map<Long, Long> heads = log.flush();
    MessageRow stored = core.messages().byId(tx, id).orElseThrow();
    notices.queue(tx, stored, received);
    return new Sent(stored, false, heads);
  }

  private MessageRow row(Dialogue dialogue, Draft draft, long seq, long eventSeq, Instant now) {
    long sender = dialogue.mine().userId();
    byte[] key = dialogue.conversation().dataKey();
    return new MessageRow(
        0,
        dialogue.id(),
        seq,
        sender,
        dialogue.peer().userId(),
        draft.clientMsgId(),
        draft.type(),
        draft.text() == null
            ? null
            : core.vault().seal(key, sender, draft.clientMsgId(), draft.text()),
        core.vault().requestKey(draft),
        draft.replyTo(),
        eventSeq,
        now,
        null,
        null,
        null);
  }

  /** Who answers has read what stood before. */
  private void settleRead(Tx tx, Dialogue dialogue, boolean mayTell, Instant now) {
    MemberRow mine = dialogue.mine();
    long head = dialogue.conversation().headSeq();
    if (mayTell && mine.receiptSeq() < head) {
      core.messages().markRead(tx, dialogue.id(), mine.userId(), mine.receiptSeq(), head, now);
    } else if (mine.deliveredSeq() < head) {
      core.messages()
          .markDelivered(tx, dialogue.id(), mine.userId(), mine.deliveredSeq(), head, now);
    }
  }

  /** A refused text costs its token although nothing of the send is stored. */
  private void charge(long sender) {
    core.db()
        .tx(
            tx -> {
              Instant now = core.now();
              EventLog.Writer log = core.log().open(tx, now, sender);
              TokenBucket.State present = bucket.at(log.counter(sender).tokens(), now);
              if (TokenBucket.allows(present)) {
                log.tokens(sender, TokenBucket.take(present));
                log.flush();
              }
              return null;
            });
  }

  /** Rolls the transaction back; the sender pays nevertheless. */
  private static final class Charged extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ServiceException error;

    Charged(ServiceException error) {
      super(error.getMessage(), null, false, false);
      this.error = error;
    }

    ServiceException error() {
      return error;
    }
  }
}
