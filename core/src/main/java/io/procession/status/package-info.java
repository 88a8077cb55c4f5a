/** What a pool was doing, read from its status file by any process, also after the pool's death. */
@NullMarked
package io.procession.status;

import org.jspecify.annotations.NullMarked;
