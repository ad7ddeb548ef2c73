package com.sharestack.sandbox;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.store.FolderException;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.mail.Address;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Takes every mail sent to it and shows the newest; nothing leaves the machine. */
final class Mailbox {

  private static final int MAX_TEXT = 64 * 1024;
  private static final int MAX_DEPTH = 5;

  /**
   * @param to addresses, joined by comma
   * @param text the plain text, else the HTML
   */
  record Mail(String from, String to, String subject, String text, String at) {}

  private final Vertx vertx;
  private final int capacity;
  private final GreenMail server;
  private final Deque<Mail> mails = new ArrayDeque<>();

  private Mailbox(Vertx vertx, int capacity, GreenMail server) {
    this.vertx = vertx;
    this.capacity = capacity;
    this.server = server;
  }

  /**
   * @param port -1 = takes no mail
   */
  static Future<Mailbox> start(Vertx vertx, String host, int port, int capacity) {
    if (port < 0) {
      return Future.succeededFuture(new Mailbox(vertx, capacity, null));
    }
    return vertx.executeBlocking(
        () -> {
          GreenMail server = new GreenMail(new ServerSetup(port, host, ServerSetup.PROTOCOL_SMTP));
          server.withConfiguration(GreenMailConfiguration.aConfig().withDisabledAuthentication());
          server.start();
          return new Mailbox(vertx, capacity, server);
        });
  }

  /** Of the mail server; -1 when there is none. */
  int port() {
    return server == null ? -1 : server.getSmtp().getPort();
  }

  /**
   * Newest first.
   *
   * @param to only mails to this address; null = all
   */
  Future<List<Mail>> mails(String to) {
    return vertx.executeBlocking(
        () -> {
          collect();
          synchronized (mails) {
            return mails.stream()
                .filter(mail -> to == null || mail.to().contains(to))
                .toList()
                .reversed();
          }
        });
  }

  /** Moves what came in to the bounded list. Blocking. */
  void collect() throws MessagingException, IOException, FolderException {
    if (server == null) {
      return;
    }
    synchronized (mails) {
      MimeMessage[] arrived = server.getReceivedMessages();
      if (arrived.length == 0) {
        return;
      }
      server.purgeEmailFromAllMailboxes();
      for (MimeMessage message : arrived) {
        mails.addLast(mail(message));
        if (mails.size() > capacity) {
          mails.removeFirst();
        }
      }
    }
  }

  private static Mail mail(MimeMessage message) throws MessagingException, IOException {
    String text = text(message, 0);
    java.util.Date sent = message.getSentDate();
    return new Mail(
        addresses(message.getFrom()),
        addresses(message.getRecipients(Message.RecipientType.TO)),
        message.getSubject(),
        text.substring(0, Math.min(text.length(), MAX_TEXT)),
        sent == null ? "" : sent.toInstant().toString());
  }

  private static String addresses(Address[] addresses) {
    StringBuilder text = new StringBuilder();
    for (Address address : addresses == null ? new Address[0] : addresses) {
      text.append(text.isEmpty() ? "" : ",")
          .append(address instanceof InternetAddress mail ? mail.getAddress() : address);
    }
    return text.toString();
  }

  private static String text(Part part, int depth) throws MessagingException, IOException {
    Object content = part.getContent();
    if (content instanceof String text) {
      return text;
    }
    if (content instanceof Multipart parts && depth < MAX_DEPTH) {
      String found = "";
      for (int i = 0; i < parts.getCount() && found.isEmpty(); i++) {
        found = text(parts.getBodyPart(i), depth + 1);
      }
      return found;
    }
    return "";
  }

  static JsonObject json(List<Mail> mails) {
    JsonArray list = new JsonArray();
    for (Mail mail : mails) {
      list.add(
          new JsonObject()
              .put("from", mail.from())
              .put("to", mail.to())
              .put("subject", mail.subject())
              .put("text", mail.text())
              .put("at", mail.at()));
    }
    return new JsonObject().put("mails", list);
  }

  Future<Void> stop() {
    return server == null
        ? Future.succeededFuture()
        : vertx.executeBlocking(
            () -> {
              server.stop();
              return null;
            });
  }
}
