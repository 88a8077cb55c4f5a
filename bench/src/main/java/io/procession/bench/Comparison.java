package io.procession.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One workload: at each of its points the peers are measured in turn, round by round. */
final class Comparison implements AutoCloseable {

  private static final int FEWEST_ROUNDS = 3;

  private final Workload workload;
  private final Effort effort;
  private final List<Contestant> contestants;

  Comparison(Workload workload, Effort effort, List<Contestant> contestants) {
    this.workload = workload;
    this.effort = effort;
    this.contestants = contestants;
  }

  /**
   * Warms all peers up, then measures them A B C, A B C, and so on.
   *
   * @param time when it is over there are no further rounds than three; if there is none at all,
   *     nothing is measured
   */
  Row at(long point, Duration time) {
    var here = contestants.stream().filter(each -> each.takesPartAt(point)).toList();
    if (!time.isPositive()) {
      return row(point, here.stream().map(each -> each.absent("there was no time left")).toList());
    }
    var end = System.nanoTime() + time.toNanos();
    for (var contestant : here) {
      contestant.begin(point);
    }
    for (var round = 0; round < effort.rounds(); round++) {
      if (round >= FEWEST_ROUNDS && System.nanoTime() > end) {
        break;
      }
      for (var contestant : here) {
        contestant.measure();
      }
    }
    var series = new ArrayList<Series>();
    for (var contestant : here) {
      series.add(contestant.end());
    }
    return row(point, List.copyOf(series));
  }

  private Row row(long point, List<Series> series) {
    return new Row(
        workload.family(),
        workload.name(),
        workload.title(),
        workload.unit(),
        workload.axis(),
        point,
        series);
  }

  @Override
  public void close() {
    contestants.forEach(Contestant::close);
  }
}
