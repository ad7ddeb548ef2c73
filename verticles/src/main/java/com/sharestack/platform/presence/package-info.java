/** Where a user is connected right now, and how to tell the gateways there that he has news. */
package com.sharestack.platform.presence;
