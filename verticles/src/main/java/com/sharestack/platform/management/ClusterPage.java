package com.sharestack.platform.management;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.Collectors;

/** The cluster for human eyes: one table, made anew every few seconds, no script. */
final class ClusterPage {

  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="refresh" content="3">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>ShareStack cluster</title>
      <style>
      body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem; color: #1c1f23; background: #fff; }
      table { border-collapse: collapse; width: 100%; }
      th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-bottom: 1px solid #d9dde2; }
      th { font-weight: 600; }
      .ready { color: #14713d; } .bad { color: #b3261e; }
      .why { color: #5a6270; font-size: 13px; }
      @media (prefers-color-scheme: dark) {
        body { color: #e6e8eb; background: #16181b; } th, td { border-color: #343a41; }
        .ready { color: #6bd499; } .bad { color: #ff8a80; } .why { color: #a3abb6; }
      }
      </style>
      </head>
      <body>
      <h1>ShareStack cluster</h1>
      """;

  private ClusterPage() {}

  static String render(JsonObject cluster) {
    JsonArray nodes = cluster.getJsonArray("nodes");
    StringBuilder page = new StringBuilder(HEAD);
    page.append("<p>")
        .append(nodes.size())
        .append(nodes.size() == 1 ? " node" : " nodes")
        .append(", as ")
        .append(escaped(cluster.getString("answered_by")))
        .append(" sees them.</p>\n<table>\n<tr><th>Node</th><th>State</th><th>Roles and instances")
        .append("</th><th>In flight</th><th>Up</th></tr>\n");
    nodes.forEach(node -> row(page, (JsonObject) node));
    return page.append("</table>\n</body>\n</html>\n").toString();
  }

  private static void row(StringBuilder page, JsonObject node) {
    String state = node.getString("state", "silent");
    page.append("<tr><td>").append(escaped(node.getString("node")));
    if (node.containsKey("pid")) {
      page.append("<div class=\"why\">process ")
          .append(escaped(node.getValue("pid")))
          .append("</div>");
    }
    page.append("</td><td class=\"")
        .append(state.equals("ready") ? "ready" : "bad")
        .append("\">")
        .append(escaped(state))
        .append("<div class=\"why\">")
        .append(escaped(why(node)))
        .append("</div></td><td>")
        .append(escaped(pairs(node.getJsonObject("instances", new JsonObject()), " \u00d7 ")))
        .append("</td><td>")
        .append(escaped(inFlight(node)))
        .append("</td><td>")
        .append(escaped(uptime(node.getLong("uptime_seconds"))))
        .append("</td></tr>\n");
  }

  private static String why(JsonObject node) {
    JsonObject checks = node.getJsonObject("checks");
    if (checks == null) {
      return node.getString("why", "");
    }
    return checks.stream()
        .filter(check -> !"up".equals(check.getValue()))
        .map(check -> check.getKey() + ": " + check.getValue())
        .collect(Collectors.joining("; "));
  }

  private static String inFlight(JsonObject node) {
    JsonObject busy = node.getJsonObject("in_flight");
    if (busy == null) {
      return "";
    }
    return busy.isEmpty() ? "nothing" : pairs(busy, " ");
  }

  private static String pairs(JsonObject object, String between) {
    return object.stream()
        .map(entry -> entry.getKey() + between + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  private static String uptime(Long seconds) {
    if (seconds == null) {
      return "";
    }
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }

  private static String escaped(Object text) {
    return String.valueOf(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
