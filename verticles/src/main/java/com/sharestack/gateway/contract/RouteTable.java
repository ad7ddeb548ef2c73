package com.sharestack.gateway.contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the operation of a request: a tree of segments, built once, immutable afterwards.
 *
 * <p>In every segment literals win over parameters, digits-only parameters over those with a
 * pattern, these over free ones; a branch that leads nowhere is left again. A template that matches
 * but lacks the method leaves the request to the other templates; only when none has it, the answer
 * is {@link MethodNotAllowed}. HEAD is answered by GET. A trailing slash is another, unknown
 * resource.
 */
public final class RouteTable {
  /** The answer to a look-up. */
  public sealed interface Result {}

  /**
   * @param pathParams percent-decoded values by name
   */
  public record Match(Operation operation, Map<String, String> pathParams) implements Result {}

  public record NotFound() implements Result {}

  /**
   * @param allowed for the Allow header, sorted
   */
  public record MethodNotAllowed(Set<String> allowed) implements Result {}

  private static final NotFound NOT_FOUND = new NotFound();

  private final RouteNode root = new RouteNode();

  private RouteTable() {}

  /**
   * Routes every operation that is not internal.
   *
   * @throws IllegalArgumentException when two operations answer the same method on the same path
   */
  public static RouteTable of(List<Operation> operations) {
    RouteTable table = new RouteTable();
    for (Operation operation : operations) {
      if (!operation.internal()) {
        table.add(operation);
      }
    }
    return table;
  }

  /**
   * @param method upper case
   * @param rawPath without query, still percent-encoded, without the prefix that the contract's
   *     paths do not have
   */
  public Result match(String method, String rawPath) {
    String[] segments = Segments.of(rawPath);
    if (segments == null) {
      return NOT_FOUND;
    }
    RouteNode.Route route = root.find(segments, 0, method.equals("HEAD") ? "GET" : method);
    if (route != null) {
      return new Match(route.operation(), route.values(segments));
    }
    Set<String> allowed = new TreeSet<>();
    root.collectMethods(segments, 0, allowed);
    if (allowed.isEmpty()) {
      return NOT_FOUND;
    }
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    return new MethodNotAllowed(allowed);
  }

  private void add(Operation operation) {
    RouteNode node = root;
    List<String> names = new ArrayList<>();
    List<Integer> positions = new ArrayList<>();
    List<String> template = template(operation.id(), operation.path());
    Map<String, Shape> shapes = new HashMap<>();
    operation
        .parameters()
        .list()
        .forEach(parameter -> shapes.put(parameter.name(), parameter.shape()));
    for (int i = 0; i < template.size(); i++) {
      String segment = template.get(i);
      if (segment.startsWith("{")) {
        String name = segment.substring(1, segment.length() - 1);
        names.add(name);
        positions.add(i);
        node = node.parameter(SegmentRule.of(shapes.get(name)));
      } else {
        node = node.literal(segment);
      }
    }
    node.put(
        new RouteNode.Route(
            operation,
            names.toArray(String[]::new),
            positions.stream().mapToInt(Integer::intValue).toArray()));
  }

  /** The names in braces, in order. */
  static List<String> parameterNames(String operation, String path) {
    return template(operation, path).stream()
        .filter(segment -> segment.startsWith("{"))
        .map(segment -> segment.substring(1, segment.length() - 1))
        .toList();
  }

  private static List<String> template(String operation, String path) {
    if (path.equals("/")) {
      return List.of();
    }
    List<String> segments =
        path.startsWith("/") ? List.of(path.substring(1).split("/", -1)) : List.of("");
    for (String segment : segments) {
      boolean parameter = segment.length() > 2 && segment.startsWith("{") && segment.endsWith("}");
      String name = parameter ? segment.substring(1, segment.length() - 1) : segment;
      boolean plain = name.indexOf('{') < 0 && name.indexOf('}') < 0 && name.indexOf('%') < 0;
      if (segment.isEmpty() || !plain || segments.size() > Segments.MAX_SEGMENTS) {
        throw new IllegalArgumentException(
            "operation "
                + operation
                + ", path "
                + path
                + ": a path is / and up to "
                + Segments.MAX_SEGMENTS
                + " segments, each a plain literal or one {parameter}");
      }
    }
    return segments;
  }
}
