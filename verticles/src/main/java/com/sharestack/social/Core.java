package com.sharestack.social;

import com.sharestack.platform.db.Db;
import com.sharestack.platform.presence.Hints;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;

/** What every part of private messages works with. */
record Core(
    Db db,
    Clock clock,
    ConversationRepository conversations,
    MessageRepository messages,
    EventRepository events,
    SettingsRepository settings,
    Rooms rooms,
    EventLog log,
    Peers peers,
    Vault vault,
    Hints hints) {

  Instant now() {
    return Times.now(clock);
  }

  /** After the commit: the gateways of these users learn that there is news. */
  void announce(Map<Long, Long> heads) {
    heads.forEach(hints::events);
  }
}
