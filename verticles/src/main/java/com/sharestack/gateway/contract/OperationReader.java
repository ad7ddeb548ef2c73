package com.sharestack.gateway.contract;

import com.sharestack.gateway.contract.Operation.Auth;
import com.sharestack.gateway.contract.Operation.MetaRule;
import com.sharestack.gateway.contract.Parameters.Parameter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads one operation of the merged contract. */
final class OperationReader {
  private final References references;
  private final ShapeCompiler shapes;

  OperationReader(JsonObject document) {
    this.references = new References(document);
    this.shapes = new ShapeCompiler(document);
  }

  Operation read(String path, String method, JsonObject item) {
    JsonObject source = item.getJsonObject(method);
    String id = source.getString("operationId");
    Place place = new Place(id == null ? method + " " + path : id, "").child("paths", path, method);
    int dot = id == null ? -1 : id.lastIndexOf('.');
    if (dot < 1 || dot == id.length() - 1) {
      throw place.refuse("operationId must be service.method");
    }
    Keywords keywords = new Keywords(source, place);
    String handler = keywords.text("x-handler", null);
    int alternate = keywords.count("x-alternate-status", 0);
    JsonObject requestBody = requestBody(source, place);
    return new Operation(
        id,
        id.substring(0, dot),
        camelCase(id.substring(dot + 1)),
        domain(source, place),
        method.toUpperCase(Locale.ROOT),
        path,
        constant(Auth.class, keywords.text("x-auth", "user"), "x-auth", place),
        keywords.text("x-permission", null),
        keywords.flag("x-step-up"),
        rate(source, id, place),
        keywords.flag("x-idempotent"),
        cache(source, place),
        meta(source, place),
        source.getValue("x-timing"),
        keywords.flag("x-internal"),
        handler,
        status(source, alternate, handler != null, place),
        alternate,
        parameters(item, source, place),
        requestBody == null ? null : body(source, requestBody, handler != null, place),
        requestBody != null && Boolean.TRUE.equals(requestBody.getValue("required")));
  }

  static String camelCase(String snake) {
    StringBuilder out = new StringBuilder();
    boolean upper = false;
    for (char c : snake.toCharArray()) {
      if (c == '_') {
        upper = true;
        continue;
      }
      out.append(upper ? Character.toUpperCase(c) : c);
      upper = false;
    }
    return out.toString();
  }

  private static String domain(JsonObject source, Place place) {
    JsonArray tags = source.getJsonArray("tags", new JsonArray());
    if (tags.size() != 1) {
      throw place.refuse("exactly one tag is needed: the domain that hosts the service");
    }
    return tags.getString(0);
  }

  private static <E extends Enum<E>> E constant(
      Class<E> type, Object literal, String keyword, Place place) {
    for (E constant : type.getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(literal)) {
        return constant;
      }
    }
    throw place.refuse("'" + keyword + "' has no value '" + literal + "'");
  }

  private static Rate rate(JsonObject source, String id, Place place) {
    if (!source.containsKey("x-rate")) {
      return null;
    }
    Place at = place.child("x-rate");
    Keywords rate = new Keywords(new Keywords(source, place).object("x-rate"), at);
    int limit = rate.count("limit", 0);
    int window = rate.count("window", 0);
    if (limit < 1 || window < 1) {
      throw at.refuse("limit and window (seconds) must be positive");
    }
    String fail = rate.text("fail", "open");
    if (!fail.equals("open") && !fail.equals("closed")) {
      throw at.refuse("fail is open or closed");
    }
    Rate.Per per = constant(Rate.Per.class, rate.text("per", null), "per", at);
    return new Rate(limit, window, per, rate.text("bucket", id), fail.equals("open"));
  }

  private static CachePolicy cache(JsonObject source, Place place) {
    if (!source.containsKey("x-cache")) {
      return null;
    }
    Place at = place.child("x-cache");
    Keywords cache = new Keywords(new Keywords(source, place).object("x-cache"), at);
    CachePolicy.Scope scope =
        constant(CachePolicy.Scope.class, cache.text("scope", null), "scope", at);
    return new CachePolicy(scope, cache.count("max_age", 0));
  }

  private static Map<String, MetaRule> meta(JsonObject source, Place place) {
    Map<String, MetaRule> rules = new LinkedHashMap<>();
    JsonObject meta = source.getJsonObject("x-meta", new JsonObject());
    for (String field : meta.fieldNames()) {
      rules.put(field, constant(MetaRule.class, meta.getValue(field), "x-meta", place));
    }
    return Map.copyOf(rules);
  }

  /**
   * The single 2xx that is not the alternate one; raw handlers may have several, or none (a
   * redirect).
   */
  private static int status(JsonObject source, int alternate, boolean raw, Place place) {
    List<Integer> found = new ArrayList<>();
    for (String code : source.getJsonObject("responses", new JsonObject()).fieldNames()) {
      if (code.length() == 3
          && code.startsWith("2")
          && Text.isDigits(code)
          && Integer.parseInt(code) != alternate) {
        found.add(Integer.valueOf(code));
      }
    }
    if (found.size() == 1 || (raw && !found.isEmpty())) {
      return found.getFirst();
    }
    if (raw) {
      return 0;
    }
    throw place.refuse("exactly one 2xx answer is needed, found " + found);
  }

  private Parameters parameters(JsonObject item, JsonObject source, Place place) {
    Map<String, Parameter> byName = new LinkedHashMap<>();
    addParameters(item, place, byName);
    // Parameters of the operation win over those of its path, as OpenAPI says.
    addParameters(source, place, byName);
    Set<String> template =
        new HashSet<>(RouteTable.parameterNames(place.operation(), pathOf(place)));
    for (Parameter parameter : byName.values()) {
      if (parameter.inPath() && !template.remove(parameter.name())) {
        throw place.refuse("the path has no {" + parameter.name() + "}");
      }
    }
    if (!template.isEmpty()) {
      throw place.refuse("path parameters without a declaration: " + template);
    }
    return new Parameters(new ArrayList<>(byName.values()));
  }

  private static String pathOf(Place place) {
    return place.pointer().split("/")[2].replace("~1", "/").replace("~0", "~");
  }

  private void addParameters(JsonObject holder, Place place, Map<String, Parameter> byName) {
    JsonArray list = holder.getJsonArray("parameters", new JsonArray());
    for (int i = 0; i < list.size(); i++) {
      Place at = place.child("parameters", Integer.toString(i));
      References.Found found = references.resolve(list.getJsonObject(i), at);
      String in = found.schema().getString("in");
      switch (String.valueOf(in)) {
        case "path", "query" -> {
          Parameter parameter = parameter(found.schema(), in.equals("path"), found.place());
          byName.put(parameter.name(), parameter);
        }
        // Headers and cookies are the gateway's own business; services see them through the caller.
        case "header", "cookie" -> {}
        default -> throw at.refuse("a parameter is in path, query, header or cookie");
      }
    }
  }

  private Parameter parameter(JsonObject source, boolean inPath, Place place) {
    String name = source.getString("name");
    if (name == null
        || name.equals("body")
        || !(source.getValue("schema") instanceof JsonObject schema)) {
      throw place.refuse("a parameter needs a schema and a name other than 'body'");
    }
    Shape shape = shapes.compile(schema, place.child("schema"));
    boolean array = shape instanceof ArrayShape;
    String style = source.getString("style", inPath ? "simple" : "form");
    boolean structured =
        shape instanceof ObjectShape || shape instanceof MapShape || shape instanceof FreeShape;
    if (structured || !style.equals(inPath ? "simple" : "form") || (inPath && array)) {
      throw place.refuse("parameters are single values, or arrays in the query with style form");
    }
    boolean exploded = array && source.getBoolean("explode", true);
    boolean required = inPath || source.getBoolean("required", false);
    Object fallback = shapes.defaultOf(schema, shape, place.child("schema"));
    return new Parameter(name, inPath, required, exploded, shape, fallback);
  }

  private JsonObject requestBody(JsonObject source, Place place) {
    Object body = source.getValue("requestBody");
    return body instanceof JsonObject object
        ? references.resolve(object, place.child("requestBody")).schema()
        : null;
  }

  private Shape body(JsonObject source, JsonObject requestBody, boolean raw, Place place) {
    Place at = place.child("requestBody", "content");
    JsonObject content = requestBody.getJsonObject("content", new JsonObject());
    if (content.size() == 1
        && content.getValue("application/json") instanceof JsonObject media
        && media.getValue("schema") instanceof JsonObject schema) {
      Shape shape = shapes.compile(schema, at.child("application/json", "schema"));
      return new Keywords(source, place).flag("x-card-free") ? new CardFreeShape(shape) : shape;
    }
    if (raw) {
      return null;
    }
    throw at.refuse(
        "only application/json with a schema is forwarded; anything else is x-handler: raw");
  }
}
