/**
 * MySQL for virtual threads: statements, transactions, migrations. Only this package and the
 * repositories of the domains see the SQL client.
 */
package com.sharestack.platform.db;
