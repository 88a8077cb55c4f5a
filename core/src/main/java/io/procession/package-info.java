/** Child processes and process pools. */
@NullMarked
package io.procession;

import org.jspecify.annotations.NullMarked;
