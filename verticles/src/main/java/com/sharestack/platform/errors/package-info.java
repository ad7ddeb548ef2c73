/** Expected failures: one factory, one shape on every hop. */
package com.sharestack.platform.errors;
