/** What tests of programs with child processes need. */
@NullMarked
package io.procession.testkit;

import org.jspecify.annotations.NullMarked;
