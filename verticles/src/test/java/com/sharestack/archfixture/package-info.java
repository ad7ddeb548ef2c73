/**
 * A tiny project in which every class breaks one rule of {@code ArchitectureTest}, or shows what is
 * allowed: the proof that the rules bite. Nothing runs here.
 */
package com.sharestack.archfixture;
