/** Secrets at rest: sealed columns, blind indexes over them, digests of random tokens. */
package com.sharestack.platform.crypto;
