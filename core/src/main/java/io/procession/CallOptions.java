package io.procession;

/**
 * How calls are run, the same for all calls through one view of a pool.
 *
 * @param retries how often a call is run again if its worker died
 * @param chunkSize how many calls are sent at a time; 0: it adapts
 * @param priority of those that wait, calls with a higher one go first
 */
record CallOptions(int retries, int chunkSize, int priority) {

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

  /** How many calls are sent at a time, if {@code adapted} would be best. */
  int chunkSize(int adapted) {
    return chunkSize > 0 ? chunkSize : adapted;
  }

  CallOptions withRetries(int newRetries) {
    return new CallOptions(checkRetries(newRetries), chunkSize, priority);
  }

  CallOptions withChunkSize(int items) {
    return new CallOptions(retries, checkChunkSize(items), priority);
  }

  CallOptions withPriority(int newPriority) {
    return new CallOptions(retries, chunkSize, newPriority);
  }
}
