package com.sharestack.archfixture.content;

final class ContentKnowsRoot {
  com.sharestack.archfixture.Root root;
}
