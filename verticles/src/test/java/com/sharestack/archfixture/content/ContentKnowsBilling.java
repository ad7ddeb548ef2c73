package com.sharestack.archfixture.content;

final class ContentKnowsBilling {
  com.sharestack.archfixture.billing.Price price;
}
