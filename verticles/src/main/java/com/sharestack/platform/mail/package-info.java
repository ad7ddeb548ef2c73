/** Mail leaves the process here: one client of the configured server, plain text, a deadline. */
package com.sharestack.platform.mail;
