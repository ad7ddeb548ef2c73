/** Readiness of a node. */
package com.sharestack.platform.health;
