/** How the contract's records travel as JSON. */
package com.sharestack.contract.wire;
