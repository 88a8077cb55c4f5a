/** Any system, without one native call: file-backed segments, doorbells that park. */
@NullMarked
package io.procession.internal.os.portable;

import org.jspecify.annotations.NullMarked;
