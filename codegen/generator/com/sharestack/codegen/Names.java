package com.sharestack.codegen;

import java.util.Locale;
import java.util.Set;
import javax.lang.model.SourceVersion;

/** How names of the contract become names of Java. */
final class Names {

  /** Names the generated proxies import or every Java file sees: a schema must not take them. */
  private static final Set<String> TAKEN =
      Set.of(
          "Message",
          "Future",
          "Promise",
          "Vertx",
          "Handler",
          "List",
          "Map",
          "Set",
          "JsonObject",
          "JsonArray",
          "ServiceException",
          "Patch",
          "Object",
          "String",
          "Long",
          "Integer",
          "Boolean",
          "Double",
          "Record",
          "Enum",
          "Class",
          "Error",
          "Exception",
          "Void",
          "DeliveryOptions",
          "EventBus",
          "MessageConsumer",
          "ServiceBinder",
          "ProxyHandler",
          "Instant",
          "LocalDate",
          "BigDecimal",
          "ErrorCode",
          "EventTopic",
          "Services",
          "Iterable",
          "Number",
          "Override");

  /** Methods of every object, which a record component may not be called. */
  private static final Set<String> METHODS_OF_OBJECTS =
      Set.of(
          "clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

  private Names() {}

  /** {@code view_count -> viewCount}; a name Java does not allow gets a trailing underscore. */
  static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    boolean upper = false;
    for (char c : name.toCharArray()) {
      if (c == '_' || c == '-' || c == '.') {
        upper = true;
      } else {
        camel.append(upper && camel.length() > 0 ? Character.toUpperCase(c) : c);
        upper = false;
      }
    }
    String result = camel.toString();
    boolean refused = SourceVersion.isKeyword(result) || METHODS_OF_OBJECTS.contains(result);
    return refused ? result + "_" : result;
  }

  /** {@code uploads.multipart -> UploadsMultipart}. */
  static String type(String name) {
    String camel = camel(name);
    return Character.toUpperCase(camel.charAt(0)) + camel.substring(1);
  }

  /** {@code content.status.changed -> CONTENT_STATUS_CHANGED}, {@code 7d -> _7D}. */
  static String constant(String name) {
    if (name.isEmpty()) {
      throw new ContractException("an enum", "has an empty literal");
    }
    String constant =
        name.replaceAll("[^A-Za-z0-9]", "_")
            .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .toUpperCase(Locale.ROOT);
    return Character.isDigit(constant.charAt(0)) ? "_" + constant : constant;
  }

  static void refuseTaken(String schema) {
    if (TAKEN.contains(schema)) {
      throw new ContractException(
          "components/schemas/" + schema, "the name is taken by Java or the bus; choose another");
    }
    if (!schema.matches("[A-Z][A-Za-z0-9]*")) {
      throw new ContractException(
          "components/schemas/" + schema, "a schema name is letters and digits, upper-case first");
    }
  }
}
