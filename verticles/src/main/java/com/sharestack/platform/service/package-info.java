/** Services on the event bus: the guard around them, their host, clients of other domains. */
package com.sharestack.platform.service;
