package com.sharestack.archfixture.content;

final class HasDate {
  java.util.Date date;
}
