package com.sharestack.archfixture.billing;

final class DoublePrice {
  Double cached;

  double half(float price) {
    return price / 2;
  }
}
