/**
 * What a pool promises, as suites of tests. A suite is bound to an engine by a subclass that says
 * where its pools come from.
 */
@NullMarked
package io.procession.testkit.contract;

import org.jspecify.annotations.NullMarked;
