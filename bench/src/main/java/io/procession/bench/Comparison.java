package io.procession.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One workload with one number of workers: what each peer reached in each round. */
record Comparison(Workload workload, int workers, List<Peer> peers, List<Samples> samples) {

  /** Measures, the peers in turn in each round, after a warm-up of each. */
  static Comparison run(
      Workload workload, int workers, List<Peer> peers, int rounds, double seconds)
      throws Exception {
    var samples = new ArrayList<Samples>();
    for (var peer : peers) {
      samples.add(new Samples(rounds));
      peer.open(workload, workers);
    }
    if (workload != Workload.IDLE && workload != Workload.MEMORY) {
      for (var peer : peers) {
        peer.measure(workload.starts ? 0 : 3 * seconds);
      }
    }
    for (var round = 0; round < rounds; round++) {
      for (var number = 0; number < peers.size(); number++) {
        samples.get(number).set(round, measure(workload, peers.get(number), seconds));
      }
    }
    for (var peer : peers) {
      peer.done();
    }
    return new Comparison(workload, workers, List.copyOf(peers), samples);
  }

  private static double measure(Workload workload, Peer peer, double seconds) throws Exception {
    return switch (workload) {
      case MEMORY -> Usage.memory(peer.pids().subList(0, peer.pids().size() - 1));
      case IDLE -> {
        var pids = peer.pids();
        var before = Usage.processorSeconds(pids);
        var start = System.nanoTime();
        peer.measure(seconds * 5);
        var elapsedSeconds = (System.nanoTime() - start) / 1e9;
        yield 100 * (Usage.processorSeconds(pids) - before) / elapsedSeconds / pids.size();
      }
      default -> peer.measure(seconds);
    };
  }

  /** Our figures in one line, and by what factor we are better than each of the others. */
  String line() {
    var line = new StringBuilder("| " + workload.title + " | " + workers + " |");
    for (var sample : samples) {
      line.append(' ').append(show(sample)).append(" |");
    }
    for (var other : samples.subList(1, samples.size())) {
      line.append(' ').append(ratio(other)).append(" |");
    }
    return line.toString();
  }

  private String show(Samples sample) {
    var unit = workload.unit;
    return unit.show(sample.median())
        + " ("
        + unit.show(sample.low())
        + " – "
        + unit.show(sample.high())
        + ")";
  }

  private String ratio(Samples other) {
    if (workload == Workload.IDLE) {
      return "";
    }
    var ratio = samples.getFirst().betterThan(other, workload.unit.lessIsBetter);
    var median = ratio.median();
    var text = String.format(Locale.ROOT, median < 0.1 ? "%.3f" : "%.2f", median);
    return ratio.low() <= 1 && ratio.high() >= 1 ? text + " ~" : "**" + text + "**";
  }
}
