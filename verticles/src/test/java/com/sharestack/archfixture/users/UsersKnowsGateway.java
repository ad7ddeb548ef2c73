package com.sharestack.archfixture.users;

final class UsersKnowsGateway {
  com.sharestack.archfixture.gateway.Routes routes;
}
