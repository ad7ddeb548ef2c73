package com.sharestack.archfixture.platform;

public final class Tool {}
