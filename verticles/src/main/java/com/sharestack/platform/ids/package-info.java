/** Public identifiers. */
package com.sharestack.platform.ids;
