package com.sharestack.social;

import java.time.Instant;

/** An entry of a user's event log. */
record EventRow(long userId, long seq, EventDraft draft, Instant at) {}
