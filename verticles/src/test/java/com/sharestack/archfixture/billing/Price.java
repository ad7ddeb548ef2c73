package com.sharestack.archfixture.billing;

public record Price(long fen, java.math.BigDecimal yuan) {}
