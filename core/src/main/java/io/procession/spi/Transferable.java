package io.procession.spi;

/**
 * An object that does not travel itself: what travels is a handle, from which the other process
 * makes an object of its own that stands for the same thing.
 *
 * <p>Its class has a static method {@code readFrom(Input)}, not necessarily public, which reads
 * what {@link #writeTo} wrote and returns the object; it may throw {@link java.io.IOException}.
 */
public interface Transferable {

  /** The name of the static method that reads a handle. */
  String READER = "readFrom";

  /**
   * Writes a handle.
   *
   * @throws IllegalStateException if this object is closed; nothing was written
   */
  void writeTo(Output output);

  /**
   * The handle that was written to an {@link Output#isReadOnce} is being sent: from now on it
   * counts by itself, whatever becomes of this process, until it is read.
   */
  default void depart() {}

  /** What {@link #depart} was called for was not sent after all. */
  default void stay() {}
}
