package com.sharestack.gateway.contract;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One operation of the contract, ready to be served.
 *
 * @param id operationId, as {@code articles.get}
 * @param address bus address of the service: the id without its last segment
 * @param method of the service: the last segment in camelCase
 * @param domain the tag: role that hosts the service
 * @param httpMethod upper case
 * @param path template as the contract writes it
 * @param permission {@code x-permission}, null when none is demanded
 * @param stepUp {@code x-step-up}: the caller must have proved again who he is
 * @param rate {@code x-rate}, null when only the general limits hold
 * @param idempotent {@code x-idempotent}: honours Idempotency-Key
 * @param cache {@code x-cache}, null for no-store
 * @param meta {@code x-meta}: what the gateway does with fields of the returned record
 * @param timing {@code x-timing} as written, null when absent
 * @param internal {@code x-internal}: between domains only, never routed
 * @param handler {@code x-handler}, as {@code raw}; null for forwarding over the bus
 * @param status the single 2xx; 0 when a raw operation has none
 * @param alternateStatus {@code x-alternate-status}, 0 when there is none
 * @param body null when the operation takes no JSON body
 */
public record Operation(
    String id,
    String address,
    String method,
    String domain,
    String httpMethod,
    String path,
    Auth auth,
    String permission,
    boolean stepUp,
    Rate rate,
    boolean idempotent,
    CachePolicy cache,
    Map<String, MetaRule> meta,
    Object timing,
    boolean internal,
    String handler,
    int status,
    int alternateStatus,
    Parameters parameters,
    Shape body,
    boolean bodyRequired) {

  /** Stands for a request without a body; JSON null is a body. */
  public static final Object NO_BODY = new Object();

  /** {@code x-auth}. */
  public enum Auth {
    NONE,
    OPTIONAL,
    USER,
    CREATOR
  }

  /**
   * What happens to a field of the returned record: moved or copied into meta, or turned into the
   * alternate status.
   */
  public enum MetaRule {
    MOVE,
    COPY,
    STATUS
  }

  /**
   * Builds the {@code request} argument of the service: checked parameters flat under their JSON
   * names, the normalised body under {@code body}, which is absent when there was none.
   *
   * @param pathValues percent-decoded, from {@link RouteTable}
   * @param queryValues all values of a query parameter, percent-decoded; empty when it is absent
   * @param parsedBody what {@link StrictJson} read, or {@link #NO_BODY}; ignored by operations that
   *     take none
   * @return meaningless when a problem was added
   */
  public JsonObject request(
      Map<String, String> pathValues,
      Function<String, List<String>> queryValues,
      Object parsedBody,
      Problems problems) {
    JsonObject request = new JsonObject();
    parameters.read(pathValues, queryValues, request, problems);
    if (body == null) {
      return request;
    }
    if (parsedBody != NO_BODY) {
      request.put("body", body.check(parsedBody, Path.ROOT, problems));
    } else if (bodyRequired) {
      problems.add(Path.ROOT, Reasons.EMPTY);
    }
    return request;
  }
}
