/** Facts between domains: outbox on the side that knows, inbox on the side that acts. */
package com.sharestack.platform.events;
