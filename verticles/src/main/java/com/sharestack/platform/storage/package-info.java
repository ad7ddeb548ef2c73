/**
 * Files beside the database, in an object store that speaks the S3 protocol: a small client, its
 * signatures, and a store of our own for machines that have none.
 */
package com.sharestack.platform.storage;
