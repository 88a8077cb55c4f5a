package io.procession.spi;

import org.jspecify.annotations.Nullable;

/**
 * Turns objects into bytes and back, between two processes that run the same program.
 *
 * <p>A codec keeps no state between two values and may be used by any number of threads at once.
 */
public interface Codec {

  /**
   * Appends one value to {@code output}.
   *
   * @throws IllegalArgumentException if the value, or something that it reaches, cannot travel;
   *     what was written to {@code output} by then is worthless and its owner discards it
   */
  void write(@Nullable Object value, Output output);

  /**
   * Reads the value that {@link #write} appended, from the position of {@code input} on, and leaves
   * the position behind it. Classes are found through {@link Input#loader()}.
   *
   * @throws ClassNotFoundException if a class that the value names cannot be found here
   * @throws java.io.IOException if the bytes are no value of this codec, or a filter refuses them
   */
  @Nullable Object read(Input input) throws ClassNotFoundException, java.io.IOException;
}
