/** Configuration: YAML files, environment, secrets, and the rules a configuration must hold. */
package com.sharestack.platform.config;
