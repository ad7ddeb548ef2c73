package com.sharestack.users;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.events.Outbox;
import com.sharestack.platform.service.Signals;
import java.time.Clock;

/** What the operations of this domain are built from; made once by the verticle. */
record UsersParts(
    Db db,
    Clock clock,
    Outbox outbox,
    Signals signals,
    AccountRepository accounts,
    LoginAttemptRepository attempts,
    SessionRepository sessionRows,
    Sessions sessions,
    PasswordHasher hasher,
    VerificationCodes codes,
    SecurityLog log,
    MailQueue mails,
    PublicProfiles profiles) {}
