/**
 * What extenders of the library implement: engines that run tasks, and codecs that carry values.
 */
@NullMarked
package io.procession.spi;

import org.jspecify.annotations.NullMarked;
