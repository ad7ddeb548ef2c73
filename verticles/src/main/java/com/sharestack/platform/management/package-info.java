/** Health, metrics and the cluster over HTTP, for operators. */
package com.sharestack.platform.management;
