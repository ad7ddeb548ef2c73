package com.sharestack.archfixture.content;

public final class ContentVerticle {}
