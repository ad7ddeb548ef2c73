package com.sharestack.gateway.live;

import java.util.List;

/** What an account is and may do, as the gateway knows it now. */
public record Standing(
    boolean active,
    boolean banned,
    boolean creator,
    boolean verified,
    List<String> roles,
    List<String> permissions) {}
