package com.sharestack.archfixture.worker;

final class WorkerKnowsContent {
  com.sharestack.archfixture.content.ArticleRepository articles;
}
