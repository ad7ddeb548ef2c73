/**
 * The contract as Java: records, enums, error codes, event topics and service interfaces.
 *
 * <p>Everything here but this file is generated from {@code codegen/src/main/openapi}.
 */
@ModuleGen(name = "sharestack", groupPackage = "com.sharestack.contract")
package com.sharestack.contract;

import io.vertx.codegen.annotations.ModuleGen;
