package com.sharestack.archfixture.content;

final class KnowsContractAndPlatform {
  com.sharestack.contract.Caller caller;
  com.sharestack.archfixture.platform.Tool tool;
}
