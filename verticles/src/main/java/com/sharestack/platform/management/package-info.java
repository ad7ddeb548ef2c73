/** Health and metrics over HTTP. */
package com.sharestack.platform.management;
