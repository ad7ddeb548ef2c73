package com.sharestack.gateway.contract;

/**
 * Where in the contract the compiler stands, for sentences that help whoever wrote it.
 *
 * @param operation operationId on whose behalf it reads
 * @param pointer JSON Pointer into the merged document
 */
record Place(String operation, String pointer) {
  Place child(String... keys) {
    StringBuilder path = new StringBuilder(pointer);
    for (String key : keys) {
      path.append('/').append(key.replace("~", "~0").replace("/", "~1"));
    }
    return new Place(operation, path.toString());
  }

  Place at(String otherPointer) {
    return new Place(operation, otherPointer);
  }

  /** For {@code throw place.refuse("…")}. */
  IllegalArgumentException refuse(String sentence) {
    return new IllegalArgumentException(
        "operation " + operation + ", " + pointer + ": " + sentence);
  }
}
