package io.procession;

/**
 * How calls are run, the same for all calls through one view of a pool.
 *
 * @param retries how often a call is run again if its worker died
 * @param chunkSize how many calls are sent at a time; 0: it adapts
 * @param window how many items of a stream are between its input and its output; 0: it adapts
 */
record CallOptions(int retries, int chunkSize, int window) {

  static int checkRetries(int retries) {
    if (retries < 0) {
      throw new IllegalArgumentException(
          "a task cannot be run again less than 0 times. retries=" + retries);
    }
    return retries;
  }

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

  CallOptions withRetries(int newRetries) {
    return new CallOptions(checkRetries(newRetries), chunkSize, window);
  }

  CallOptions withChunkSize(int items) {
    return new CallOptions(retries, checkChunkSize(items), window);
  }

  CallOptions withWindow(int items) {
    return new CallOptions(retries, chunkSize, checkWindow(items));
  }
}
