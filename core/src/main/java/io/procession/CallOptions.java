package io.procession;

/**
 * How calls are run, the same for all calls through one view of a pool.
 *
 * @param terms the limits of calls, and whether they are run again
 * @param chunkSize how many calls are sent at a time; 0: it adapts
 * @param priority of those that wait, calls with a higher one go first
 */
record CallOptions(Terms terms, int chunkSize, int priority) {

  static int checkChunkSize(int items) {
    if (items < 1) {
      throw new IllegalArgumentException(
          "a chunk holds at least one item; leave it out to let the size adapt. chunkSize="
              + items);
    }
    return items;
  }

  CallOptions withTerms(Terms newTerms) {
    return new CallOptions(newTerms, chunkSize, priority);
  }

  /** How many calls are sent at a time, if {@code adapted} would be best. */
  int chunkSize(int adapted) {
    return chunkSize > 0 ? chunkSize : adapted;
  }

  CallOptions withChunkSize(int items) {
    return new CallOptions(terms, checkChunkSize(items), priority);
  }

  CallOptions withPriority(int newPriority) {
    return new CallOptions(terms, chunkSize, newPriority);
  }
}
