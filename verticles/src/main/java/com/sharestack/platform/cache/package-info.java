/** Redis, which may be lost at any time. */
package com.sharestack.platform.cache;
