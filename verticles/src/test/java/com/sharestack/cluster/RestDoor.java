package com.sharestack.cluster;

import com.sharestack.cluster.Answers.Answer;
import com.sharestack.testing.KeptConnection;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;

/** One device's requests over REST, each to any node on a connection of its own. */
final class RestDoor {

  private final History history;
  private final FaultyCluster cluster;
  private final Answers answers;
  private final Device.Owner owner;

  RestDoor(History history, FaultyCluster cluster, Answers answers, Device.Owner owner) {
    this.history = history;
    this.cluster = cluster;
    this.answers = answers;
    this.owner = owner;
  }

  Answer ask(String method, String path, JsonObject body) {
    int node = owner.random().nextInt(FaultPlan.NODES);
    String what = method + " " + path;
    long start = System.nanoTime();
    try (KeptConnection connection = new KeptConnection(cluster.httpPort(node))) {
      String text = body == null ? null : body.encode();
      return answered(what, connection.send(method, path, owner.token(), text));
    } catch (ConnectException nobody) {
      answers.refused("REST connection refused", node, start, nobody);
      return Answers.NOTHING;
    } catch (SocketTimeoutException silent) {
      return Answers.NOTHING; // reported below
    } catch (IOException cut) {
      answers.cut("REST cut", node, start, cut);
      return Answers.NOTHING;
    } finally {
      answers.silence(what, start);
    }
  }

  private Answer answered(String what, KeptConnection.Answer answer) {
    JsonObject json;
    try {
      json = new JsonObject(answer.body());
    } catch (DecodeException broken) {
      history.violated(owner.device(), what + " is no envelope: " + answer);
      return Answers.NOTHING;
    }
    if (answer.status() < 300) {
      return answers.done(json.getJsonObject("data"));
    }
    String code = json.getJsonObject("error", new JsonObject()).getString("code");
    return answers.failed(what, "REST", code, answer.status(), json);
  }

  /** Reads newest events from the last one the log has; false when it did not come to the end. */
  boolean sync(DeviceLog log) {
    while (true) {
      long since = log.last();
      long asked = System.nanoTime();
      Answer answer = ask("GET", "/messages/sync?limit=500&since_seq=" + since, null);
      if (!answer.done()) {
        if (!answer.unclear()) {
          history.violated(owner.device(), "sync from " + since + ": " + answer);
        }
        return false;
      }
      log.applyPage(answer.data(), asked);
      if (!answer.data().getBoolean("has_more")) {
        return true;
      }
    }
  }
}
