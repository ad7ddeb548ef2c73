package com.sharestack.archfixture.content;

final class ServiceSpeaksHttp {
  io.vertx.ext.web.RoutingContext context;
}
