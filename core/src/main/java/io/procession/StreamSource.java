package io.procession;

import java.util.Iterator;
import java.util.Spliterator;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The results of a stream's calls, for whoever asks; only then, and only as far ahead as there is
 * room, items are taken from the input. It does not split: what is parallel are the workers.
 */
final class StreamSource<R extends @Nullable Object> implements Spliterator<R> {

  private final StreamCall call;
  private final Supplier<? extends Iterator<?>> input;
  private final boolean ordered;
  private @Nullable Iterator<?> items;
  private boolean isOver;

  /**
   * @param input opens the input, when the first item is wanted
   */
  StreamSource(StreamCall call, Supplier<? extends Iterator<?>> input, boolean ordered) {
    this.call = call;
    this.input = input;
    this.ordered = ordered;
  }

  @Override
  @SuppressWarnings("unchecked") // the function's results have this type
  public boolean tryAdvance(Consumer<? super R> action) {
    if (!hasNext()) {
      return false;
    }
    action.accept((R) call.take());
    return true;
  }

  private boolean hasNext() {
    while (true) {
      call.look();
      if (call.isReady() && (isOver || call.shouldTake())) {
        return true;
      }
      if (!isOver && call.hasRoom()) {
        putSome();
      } else if (call.isReady()) {
        return true;
      } else if (call.isEmpty()) {
        call.close();
        return false;
      } else {
        call.await();
      }
    }
  }

  /** Takes as many items from the input as go together. */
  private void putSome() {
    try {
      var from = items;
      if (from == null) {
        from = input.get();
        items = from;
      }
      do {
        if (!from.hasNext()) {
          isOver = true;
          call.send();
          return;
        }
      } while (!call.put(from.next()));
    } catch (Throwable failure) {
      // It comes in its place: behind the results of the items before it.
      isOver = true;
      call.fail(failure);
    }
  }

  @Override
  @SuppressWarnings("NullAway") // null is what the contract asks for
  public Spliterator<R> trySplit() {
    return null;
  }

  @Override
  public long estimateSize() {
    return Long.MAX_VALUE;
  }

  @Override
  public int characteristics() {
    return ordered ? ORDERED : 0;
  }
}
