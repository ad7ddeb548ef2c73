package com.sharestack.archfixture.gateway;

final class GatewayKnowsVerticle {
  com.sharestack.archfixture.content.ContentVerticle verticle;
}
