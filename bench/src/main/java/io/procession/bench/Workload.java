package io.procession.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * What is measured, at the points of one axis.
 *
 * @param name what it is called on the command line
 * @param operation what peers know it by; several workloads may vary one operation in several ways
 * @param fixed the parameters that do not vary
 * @param cold whether every measurement has a fresh process of the peer, without a warm-up
 */
public record Workload(
    Family family,
    String name,
    String title,
    Unit unit,
    String operation,
    Axis axis,
    List<Long> points,
    List<Long> quickPoints,
    Map<String, Long> fixed,
    boolean cold) {

  /** One that has a single point. */
  static Workload of(Family family, String name, String title, Unit unit) {
    return new Workload(
        family, name, title, unit, name, Axis.NONE, List.of(0L), List.of(0L), Map.of(), false);
  }

  /** The same, at these points of {@code axis}. */
  Workload by(Axis newAxis, long... newPoints) {
    var all = LongStream.of(newPoints).boxed().toList();
    return new Workload(
        family, name, title, unit, operation, newAxis, all, all.subList(0, 1), fixed, cold);
  }

  /** The same, where {@code --quick} has only these points; only the first if nothing is said. */
  Workload quick(long... newPoints) {
    var some = LongStream.of(newPoints).boxed().toList();
    return new Workload(family, name, title, unit, operation, axis, points, some, fixed, cold);
  }

  Workload operation(String newOperation) {
    return new Workload(
        family, name, title, unit, newOperation, axis, points, quickPoints, fixed, cold);
  }

  Workload with(String parameter, long value) {
    return new Workload(
        family,
        name,
        title,
        unit,
        operation,
        axis,
        points,
        quickPoints,
        Map.of(parameter, value),
        cold);
  }

  Workload inFreshProcesses() {
    return new Workload(
        family, name, title, unit, operation, axis, points, quickPoints, fixed, true);
  }

  /** The command that makes a peer ready to measure it at {@code point}. */
  String open(long point) {
    var words = new ArrayList<String>();
    words.add("open");
    words.add(operation);
    fixed.forEach((parameter, value) -> words.add(parameter + "=" + value));
    if (axis != Axis.NONE) {
      words.add(axis.parameter() + "=" + point);
    }
    return String.join(" ", words);
  }
}
