package com.sharestack.archfixture.gateway;

/** The edge may speak HTTP. */
public final class Routes {
  io.vertx.ext.web.Router router;
}
