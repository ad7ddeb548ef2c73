package com.sharestack.platform.mail;

/**
 * A mail of plain text.
 *
 * @param to one address
 * @param subject any Unicode; control characters become spaces
 * @param text lines end with {@code \n}
 */
public record Letter(String to, String subject, String text) {}
