/** Membership: how nodes find each other. */
package com.sharestack.platform.cluster;
