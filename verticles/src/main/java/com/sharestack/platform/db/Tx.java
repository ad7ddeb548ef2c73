package com.sharestack.platform.db;

/** Statements of one open transaction; it ends with the block given to {@link Db#tx}. */
public interface Tx extends Sql {}
