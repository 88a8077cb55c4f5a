package io.procession;

/**
 * How calls are run, the same for all calls through one view of a pool.
 *
 * @param terms the limits of calls, and whether they are run again
 * @param chunkSize how many calls are sent at a time; 0: it adapts
 * @param window how many items of a stream are between its input and its output; 0: it adapts
 * @param priority of those that wait, calls with a higher one go first
 */
record CallOptions(Terms terms, int chunkSize, int window, int priority) {

  static int checkChunkSize(int items) {
    if (items < 1) {
      throw new IllegalArgumentException(
          "a chunk holds at least one item; leave it out to let the size adapt. chunkSize="
              + items);
    }
    return items;
  }

  static int checkWindow(int items) {
    if (items < 1) {
      throw new IllegalArgumentException(
          "a stream needs a window of at least one item; leave it out to let it adapt. window="
              + items);
    }
    return items;
  }

  CallOptions withTerms(Terms newTerms) {
    return new CallOptions(newTerms, chunkSize, window, priority);
  }

  /** How many calls are sent at a time, if {@code adapted} would be best. */
  int chunkSize(int adapted) {
    return chunkSize > 0 ? chunkSize : adapted;
  }

  CallOptions withChunkSize(int items) {
    return new CallOptions(terms, checkChunkSize(items), window, priority);
  }

  CallOptions withWindow(int items) {
    return new CallOptions(terms, chunkSize, checkWindow(items), priority);
  }

  CallOptions withPriority(int newPriority) {
    return new CallOptions(terms, chunkSize, window, newPriority);
  }
}
