/** Linux on x64 and aarch64: libc through the linker, memfd segments, futex doorbells. */
@NullMarked
package io.procession.internal.os.linux;

import org.jspecify.annotations.NullMarked;
