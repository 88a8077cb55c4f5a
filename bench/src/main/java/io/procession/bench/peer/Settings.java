package io.procession.bench.peer;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/** The parameters of an operation, by name. */
record Settings(Map<String, Long> values) {

  /** Reads words such as {@code workers=2}. */
  static Settings of(String... words) {
    return new Settings(
        Arrays.stream(words)
            .map(word -> word.split("=", 2))
            .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> Long.valueOf(pair[1]))));
  }

  int get(String name) {
    return Math.toIntExact(values.getOrDefault(name, 1L));
  }

  int workers() {
    return get("workers");
  }

  int items() {
    return get("items");
  }

  int bytes() {
    return get("bytes");
  }

  int pairs() {
    return get("pairs");
  }

  /**
   * The same settings.
   *
   * @param why what the reader of the tables learns if it is more
   * @throws CannotException if there is more than {@code most} of it
   */
  Settings atMost(String name, int most, String why) throws CannotException {
    if (get(name) > most) {
      throw new CannotException(why);
    }
    return this;
  }
}
