package com.sharestack.cluster;

import com.sharestack.platform.embedded.Endpoints;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The rows of a run as they are in the end. */
record HistoryRows(
    Map<String, Message> messages,
    Map<Long, TreeMap<Long, Message>> conversations,
    Map<Long, List<Event>> events,
    List<Member> members,
    Set<History.Edge> blocks) {

  record Message(
      long id,
      long conversation,
      long convSeq,
      long sender,
      long receiver,
      String clientMsgId,
      long senderEvent,
      long createdMillis,
      boolean recalled) {}

  record Event(
      long seq,
      String type,
      Long conversation,
      Long messageId,
      Long actor,
      String kind,
      Long upTo) {}

  /**
   * @param owed what unread must be by the messages
   */
  record Member(
      long conversation, long user, long readSeq, long removedSeq, long unread, long owed) {}

  static HistoryRows read(Endpoints endpoints) throws SQLException {
    try (Connection connection = endpoints.connect();
        Statement statement = connection.createStatement()) {
      Map<String, Message> messages = new HashMap<>();
      Map<Long, TreeMap<Long, Message>> conversations = new HashMap<>();
      for (Message message : messages(statement)) {
        messages.put(message.clientMsgId(), message);
        conversations
            .computeIfAbsent(message.conversation(), fresh -> new TreeMap<>())
            .put(message.convSeq(), message);
      }
      return new HistoryRows(
          messages, conversations, events(statement), members(statement), blocks(statement));
    }
  }

  private static List<Message> messages(Statement statement) throws SQLException {
    List<Message> messages = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            """
            SELECT message_id, conversation_id, conv_seq, sender_id, receiver_id, client_msg_id,
              sender_event_seq, CAST(UNIX_TIMESTAMP(created_at) * 1000 AS SIGNED),
              recalled_at IS NOT NULL
            FROM messages
            """)) {
      while (row.next()) {
        messages.add(
            new Message(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                row.getBoolean(9)));
      }
    }
    return messages;
  }

  private static Map<Long, List<Event>> events(Statement statement) throws SQLException {
    Map<Long, List<Event>> events = new HashMap<>();
    try (ResultSet row =
        statement.executeQuery(
            """
            SELECT seq, event_type, conversation_id, message_id, actor_id, kind, up_to_seq, user_id
            FROM message_events ORDER BY user_id, seq
            """)) {
      while (row.next()) {
        events
            .computeIfAbsent(row.getLong(8), fresh -> new ArrayList<>())
            .add(
                new Event(
                    row.getLong(1),
                    row.getString(2),
                    row.getObject(3, Long.class),
                    row.getObject(4, Long.class),
                    row.getObject(5, Long.class),
                    row.getString(6),
                    row.getObject(7, Long.class)));
      }
    }
    return events;
  }

  private static List<Member> members(Statement statement) throws SQLException {
    List<Member> members = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery(
            """
            SELECT m.conversation_id, m.user_id, m.read_seq, m.removed_seq, m.unread_count,
              (SELECT COUNT(*) FROM messages x WHERE x.conversation_id = m.conversation_id
                AND x.receiver_id = m.user_id AND x.recalled_at IS NULL
                AND x.conv_seq > GREATEST(m.read_seq, m.removed_seq))
            FROM conversation_members m
            """)) {
      while (row.next()) {
        members.add(
            new Member(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6)));
      }
    }
    return members;
  }

  private static Set<History.Edge> blocks(Statement statement) throws SQLException {
    Set<History.Edge> blocks = new HashSet<>();
    try (ResultSet row = statement.executeQuery("SELECT blocker_id, blocked_id FROM user_blocks")) {
      while (row.next()) {
        blocks.add(new History.Edge(row.getLong(1), row.getLong(2)));
      }
    }
    return blocks;
  }

  /** One number, for questions of a moment. */
  static long number(Endpoints endpoints, String sql) throws SQLException {
    try (Connection connection = endpoints.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  /** User -> number of his newest event. */
  static Map<Long, Long> heads(Endpoints endpoints) throws SQLException {
    Map<Long, Long> heads = new HashMap<>();
    try (Connection connection = endpoints.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT user_id, head_seq FROM message_counters")) {
      while (row.next()) {
        heads.put(row.getLong(1), row.getLong(2));
      }
    }
    return heads;
  }
}
