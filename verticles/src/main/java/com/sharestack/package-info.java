/** The process: entry, configuration, and the node that runs the roles. Knows all domains. */
package com.sharestack;
