package com.sharestack.archfixture;

/** Stands for the root package. */
public final class Root {
  private Root() {}

  public static Class<?> mayKnowAll() {
    return com.sharestack.archfixture.content.ContentVerticle.class;
  }

  static void mayPrint() {
    System.out.println("the banner");
  }
}
