package io.procession.bench;

import com.google.gson.Gson;
import com.google.gson.JsonSyntaxException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a peer says, a line of JSON; what does not apply is missing.
 *
 * @param skip why the peer cannot do what was asked; it can do other things
 * @param error what went wrong; the peer is not asked again
 * @param version in the first line, what it is
 * @param operations in the first line, what it can do
 * @param value of a measurement: the figure, or the median of many
 * @param p99 of a measurement of many times: what all but one in a hundred stay below, else 0
 * @param count of a measurement: how many times, or items, it saw
 */
record Answer(
    @Nullable String skip,
    @Nullable String error,
    @Nullable String version,
    @Nullable List<String> operations,
    double value,
    double p99,
    long count) {

  private static final Gson JSON = new Gson();

  static Answer read(String line) throws PeerException {
    try {
      return JSON.fromJson(line, Answer.class);
    } catch (JsonSyntaxException notJson) {
      throw new PeerException("it answered with something else than JSON. line=" + line, notJson);
    }
  }

  static Answer skipped(String reason) {
    return new Answer(reason, null, null, null, 0, 0, 0);
  }
}
