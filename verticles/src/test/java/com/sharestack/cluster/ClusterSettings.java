package com.sharestack.cluster;

import com.sharestack.contract.Services;
import com.sharestack.platform.embedded.Endpoints;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** The environment of a node that is one of three on a database and a Redis of the test's own. */
final class ClusterSettings {

  /** After it a call is given up, whatever became of it. */
  static final int CALL_TIMEOUT = 5_000;

  private static final String KEY = "q83vEjRWeJq83vEjRWeJq83vEjRWeJq83vEjRWeJABE=";

  private ClusterSettings() {}

  /**
   * @param cluster name of the cluster
   * @param port of membership
   * @param members addresses of all three
   */
  static Map<String, String> environment(
      int index, String cluster, int port, String members, Path folder, Endpoints servers) {
    Map<String, String> environment = new HashMap<>();
    environment.put("SHARESTACK_MODE", "test");
    environment.put("SHARESTACK_ROLES", roles(index));
    environment.put("SHARESTACK_DATA", folder.resolve("node" + index).toString());
    environment.put("SHARESTACK_MYSQL_URL", servers.mysqlUrl());
    environment.put("SHARESTACK_REDIS_URL", servers.redisUrl());
    environment.put("SHARESTACK_CLUSTER_NAME", cluster);
    environment.put("SHARESTACK_CLUSTER_PORT", String.valueOf(port));
    environment.put("SHARESTACK_CLUSTER_PORT_RANGE", "1");
    environment.put("SHARESTACK_CLUSTER_MEMBERS", members);
    environment.put("SHARESTACK_CLUSTER_MERGE_SECONDS", "3");
    environment.put("SHARESTACK_HTTP_PORT", String.valueOf(Waiting.freePort()));
    environment.put("SHARESTACK_MANAGEMENT_PORT", String.valueOf(Waiting.freePort()));
    environment.put("SHARESTACK_HTTP_CALL_TIMEOUT_MILLIS", String.valueOf(CALL_TIMEOUT));
    environment.put("SHARESTACK_SERVICES_CALL_TIMEOUT_MILLIS", "3000");
    environment.put("SHARESTACK_DRAIN_NOTICE_MILLIS", "200");
    environment.put("SHARESTACK_INSTANCES_GATEWAY", "2");
    environment.put("SHARESTACK_SECRETS_JWT", "tests-sign-with-0123456789abcdefghijkl");
    environment.put("SHARESTACK_SECRETS_DATA", KEY);
    environment.put("SHARESTACK_SECRETS_INDEX", KEY);
    return environment;
  }

  /** Each domain on two of the three nodes, so that many calls go to another one. */
  private static String roles(int index) {
    List<String> roles = new ArrayList<>(List.of("gateway"));
    int turn = 0;
    for (String domain : new TreeSet<>(Services.DOMAINS.values())) {
      if (turn++ % 3 != index) {
        roles.add(domain);
      }
    }
    if (index != 0) {
      roles.add("worker");
    }
    return String.join(",", roles);
  }
}
