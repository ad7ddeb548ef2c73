/** Access tokens: made by one domain, checked by the gateway. */
package com.sharestack.platform.tokens;
