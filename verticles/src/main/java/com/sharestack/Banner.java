package com.sharestack;

import com.sharestack.platform.config.Config;
import com.sharestack.platform.embedded.Endpoints;
import java.io.PrintStream;

/** What an operator wants to read after a start. */
final class Banner {

  private Banner() {}

  static void print(PrintStream out, Config config, Node node) {
    StringBuilder text = new StringBuilder("\nShareStack is running");
    text.append(" (roles: ").append(String.join(", ", config.roles())).append(")\n");
    if (config.has("gateway")) {
      String base = "http://" + config.http().host() + ":" + node.httpPort();
      line(text, "API", base + "/api/v1");
      line(text, "Reference", base + "/docs/");
    }
    if (config.has("sandbox")) {
      String sandbox = "http://" + config.sandbox().host() + ":" + node.sandboxPort();
      line(text, "Mailbox", sandbox + "/mailbox");
    }
    String management = "http://" + config.management().host() + ":" + node.managementPort();
    line(text, "Health", management + "/health/ready");
    line(text, "Nodes", management + "/cluster.html");
    line(text, "Metrics", management + "/metrics");
    Endpoints servers = Endpoints.ofMysqlUrl(config.mysql().url(), config.redis().url());
    line(text, "Servers", servers.addresses() + " (passwords: secrets.properties)");
    if (node.storageEndpoint() != null) {
      line(text, "Files", node.storageEndpoint());
    }
    if (config.cluster().enabled()) {
      line(text, "Cluster", config.cluster().name());
    }
    line(text, "Data", config.data().toString());
    if (config.seed()) {
      line(text, "Creator", "linzhiyuan@demo.sharestack.local  ShareStack@2026");
      line(text, "Reader", "xiaoming@demo.sharestack.local    ShareStack@2026");
      line(text, "Admin", "admin@demo.sharestack.local       ShareStack@2026");
    }
    text.append("  Ctrl-C stops it.\n");
    out.print(text);
    out.flush();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("  ")
        .append(name)
        .append(" ".repeat(12 - name.length()))
        .append(value)
        .append('\n');
  }
}
