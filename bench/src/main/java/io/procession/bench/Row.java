package io.procession.bench;

import java.util.List;
import java.util.Optional;

/** What all peers reached in one workload at one point. */
public record Row(
    Family family,
    String workload,
    String title,
    Unit unit,
    Axis axis,
    long point,
    List<Series> series) {

  /** The name of ours; the others are compared with it. */
  public static final String OURS = "Procession";

  /** What this peer reached, if it was measured. */
  public Optional<Series> of(String peer) {
    return series.stream().filter(each -> each.peer().equals(peer) && each.measured()).findFirst();
  }

  /** By what factor ours is better than this peer, if both were measured. */
  public Optional<Ratio> ratio(String peer) {
    return of(OURS)
        .flatMap(ours ->
            of(peer).map(other -> ours.samples().betterThan(other.samples(), unit.lessIsBetter())));
  }
}
