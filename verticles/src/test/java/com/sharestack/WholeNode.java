package com.sharestack;

import com.sharestack.platform.db.SeedData;
import com.sharestack.platform.embedded.Endpoints;
import com.sharestack.testing.TestNode;

/** A test node that runs every role of the platform in this process. */
public final class WholeNode {

  private WholeNode() {}

  /** All roles on an empty database. */
  public static TestNode empty(String name, String... overrides) {
    TestNode node = TestNode.of(name, overrides);
    App.domains().forEach(node::with);
    return node.startAll();
  }

  /** All roles on the demo data, its articles rendered. */
  public static TestNode seeded(String name, String... overrides) {
    TestNode node = TestNode.of(name, overrides);
    Endpoints endpoints = Endpoints.ofMysqlUrl(node.config().mysql().url(), null);
    new SeedData(
            endpoints,
            warning -> {
              throw new IllegalStateException(warning);
            })
        .apply((done, of) -> {});
    App.domains().forEach(node::with);
    node.startAll();
    node.node().renderStale((done, of) -> {});
    return node;
  }
}
