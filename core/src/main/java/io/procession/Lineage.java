package io.procession;

import io.procession.internal.wire.Birth;
import java.util.stream.Collectors;

/** Guards against programs that start processes without end. */
final class Lineage {

  private static final int DEEPEST = 10;

  private Lineage() {}

  /**
   * Called before a process is started.
   *
   * @throws IllegalStateException if this is a child and it boots, or is too deep a descendant
   */
  static void checkStart() {
    var own = Birth.current();
    if (own == null) {
      return;
    }
    if (Birth.isBooting()) {
      throw new IllegalStateException(
          "a process cannot be started while a child process boots: a static initialiser does it,"
              + " which runs in every child, so there would be no end; start processes in a method."
              + " name="
              + own.name());
    }
    if (own.ancestors().size() >= DEEPEST) {
      throw new IllegalStateException(
          "processes are nested too deeply: %s. depth=%d"
              .formatted(
                  own.ancestors().stream()
                      .map(Birth.Ancestor::name)
                      .collect(Collectors.joining(" > ", "", " > " + own.name())),
                  own.ancestors().size()));
    }
  }
}
