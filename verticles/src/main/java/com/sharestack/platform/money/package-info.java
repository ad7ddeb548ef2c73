/** Amounts: fen inside, decimals with two places outside, floating point nowhere. */
package com.sharestack.platform.money;
