package io.procession.bench.stress;

import io.procession.shared.SharedObject;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/** Objects that are used again, because it takes longer to make and send one than to test it. */
final class Stash<T extends SharedObject> {

  private final Queue<Twins<T>> unused = new ConcurrentLinkedQueue<>();
  private final Supplier<T> maker;

  Stash(Supplier<T> maker) {
    this.maker = maker;
  }

  Twins<T> take() {
    var twins = unused.poll();
    return twins == null ? Twins.of(maker.get()) : twins;
  }

  /** Takes back an object that is again as it was made. */
  void give(Twins<T> twins) {
    unused.add(twins);
  }
}
