package io.procession;

/**
 * How calls are run, the same for all calls through one view of a pool.
 *
 * @param terms the limits of calls, and whether they are run again
 * @param chunkSize how many calls are sent at a time; 0: it adapts
 */
record CallOptions(Terms terms, int chunkSize) {

  static int checkChunkSize(int items) {
    if (items < 1) {
      throw new IllegalArgumentException(
          "a chunk holds at least one item; leave it out to let the size adapt. chunkSize="
              + items);
    }
    return items;
  }

  CallOptions withTerms(Terms newTerms) {
    return new CallOptions(newTerms, chunkSize);
  }

  CallOptions withChunkSize(int items) {
    return new CallOptions(terms, checkChunkSize(items));
  }
}
