package com.sharestack.archfixture.platform;

final class PlatformKnowsContent {
  com.sharestack.archfixture.content.ArticleRepository articles;
}
