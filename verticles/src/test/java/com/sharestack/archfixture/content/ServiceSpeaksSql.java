package com.sharestack.archfixture.content;

final class ServiceSpeaksSql {
  io.vertx.sqlclient.Pool pool;
}
