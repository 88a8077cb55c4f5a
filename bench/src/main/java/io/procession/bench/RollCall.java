package io.procession.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Who is there, in which version, and can do what. */
final class RollCall {

  private final Map<Peer, Answer> present = new LinkedHashMap<>();
  private final Map<Peer, String> missing = new LinkedHashMap<>();

  /** Starts each peer once, and listens to what it says of itself. */
  RollCall(List<Peer> peers, Path log, Duration limit) {
    for (var peer : peers) {
      try (var process = new PeerProcess(peer, log, limit)) {
        var answer = process.hello();
        if (answer.skip() == null) {
          present.put(peer, answer);
        } else {
          missing.put(peer, answer.skip());
        }
      } catch (PeerException failure) {
        missing.put(peer, Objects.requireNonNullElse(failure.getMessage(), "unknown"));
      }
    }
  }

  /** Those that can do this, in the order of the tables. */
  List<Peer> able(Workload workload) {
    var able = new ArrayList<Peer>();
    present.forEach((peer, answer) -> {
      var operations = answer.operations();
      if (operations != null && operations.contains(workload.operation())) {
        able.add(peer);
      }
    });
    return able;
  }

  /** What each of them is. */
  List<String> versions() {
    return present.values().stream()
        .map(Answer::version)
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  /** Those that are not there, each with the reason. */
  List<String> missing() {
    return missing.entrySet().stream()
        .map(entry -> entry.getKey().name() + ": " + entry.getValue())
        .toList();
  }
}
