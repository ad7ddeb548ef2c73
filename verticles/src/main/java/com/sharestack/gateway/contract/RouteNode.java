package com.sharestack.gateway.contract;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One segment of the route tree; mutable only while the table is built. */
final class RouteNode {
  /**
   * @param names of the path parameters
   * @param positions of their segments
   */
  record Route(Operation operation, String[] names, int[] positions) {
    Map<String, String> values(String[] segments) {
      if (names.length == 1) {
        return Map.of(names[0], segments[positions[0]]);
      }
      Map<String, String> values = HashMap.newHashMap(names.length);
      for (int i = 0; i < names.length; i++) {
        values.put(names[i], segments[positions[i]]);
      }
      return values;
    }
  }

  private record Edge(SegmentRule rule, RouteNode target) {}

  private final Map<String, RouteNode> literals = new HashMap<>();
  private final List<Edge> parameters = new ArrayList<>();
  private final Map<String, Route> routes = new HashMap<>();

  RouteNode literal(String segment) {
    return literals.computeIfAbsent(segment, ignored -> new RouteNode());
  }

  /**
   * Equal rules share a branch; the stricter kinds are tried first, equals in the order of the
   * contract.
   */
  RouteNode parameter(SegmentRule rule) {
    for (Edge edge : parameters) {
      if (edge.rule.equals(rule)) {
        return edge.target;
      }
    }
    RouteNode target = new RouteNode();
    parameters.add(new Edge(rule, target));
    parameters.sort(Comparator.comparing(edge -> edge.rule.kind()));
    return target;
  }

  void put(Route route) {
    Route other = routes.putIfAbsent(route.operation.httpMethod(), route);
    if (other != null) {
      throw new IllegalArgumentException(
          "operations "
              + other.operation.id()
              + " and "
              + route.operation.id()
              + " both answer "
              + route.operation.httpMethod()
              + " "
              + route.operation.path());
    }
  }

  /** The most specific route with this method, null when there is none. */
  Route find(String[] segments, int at, String method) {
    if (at == segments.length) {
      return routes.get(method);
    }
    RouteNode literal = literals.get(segments[at]);
    Route found = literal == null ? null : literal.find(segments, at + 1, method);
    for (int i = 0; found == null && i < parameters.size(); i++) {
      Edge edge = parameters.get(i);
      if (edge.rule.admits(segments[at])) {
        found = edge.target.find(segments, at + 1, method);
      }
    }
    return found;
  }

  /** The methods of all routes that match the path. */
  void collectMethods(String[] segments, int at, Set<String> methods) {
    if (at == segments.length) {
      methods.addAll(routes.keySet());
      return;
    }
    RouteNode literal = literals.get(segments[at]);
    if (literal != null) {
      literal.collectMethods(segments, at + 1, methods);
    }
    for (Edge edge : parameters) {
      if (edge.rule.admits(segments[at])) {
        edge.target.collectMethods(segments, at + 1, methods);
      }
    }
  }
}
