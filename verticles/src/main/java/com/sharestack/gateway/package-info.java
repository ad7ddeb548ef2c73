/**
 * The HTTP gateway: everything generic about a request is decided by the contract and done here
 * once; no operation has Java of its own. Owns no tables; keeps limits and claims in Redis.
 */
package com.sharestack.gateway;
