/** What several processes share, and how they talk to each other. */
@NullMarked
package io.procession.shared;

import org.jspecify.annotations.NullMarked;
