/** Files that travel on the class path. */
package com.sharestack.platform.resources;
