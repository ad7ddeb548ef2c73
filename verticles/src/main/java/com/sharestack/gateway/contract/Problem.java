package com.sharestack.gateway.contract;

/**
 * One thing wrong with a request.
 *
 * @param pointer JSON Pointer (RFC 6901) into the body, or {@code /name} for a parameter
 * @param field the same place as a person would write it: {@code items[0].name}, {@code body} for
 *     the body itself
 * @param reason Chinese, shown to the user
 */
public record Problem(String pointer, String field, String reason) {}
