/** All that two processes must agree on: frames, layouts, versions. */
@NullMarked
package io.procession.internal.wire;

import org.jspecify.annotations.NullMarked;
