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
 * @param preparation what comes before its measurements
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
    Preparation preparation) {

  /** What comes before measurements. */
  public enum Preparation {
    /** The peer does the same until it is as fast as it will be. */
    WARM_UP,

    /** Nothing: what is measured is a rest. */
    NONE,

    /** A fresh process of the peer before each, and nothing else. */
    FRESH_PROCESS
  }

  /** One that has a single point. */
  static Workload of(Family family, String name, String title, Unit unit) {
    return new Workload(
        family,
        name,
        title,
        unit,
        name,
        Axis.NONE,
        List.of(0L),
        List.of(0L),
        Map.of(),
        Preparation.WARM_UP);
  }

  /** The same, at these points of {@code axis}. */
  Workload by(Axis newAxis, long... newPoints) {
    var all = LongStream.of(newPoints).boxed().toList();
    return new Workload(
        family, name, title, unit, operation, newAxis, all, all.subList(0, 1), fixed, preparation);
  }

  /** The same, where {@code --quick} has only these points; only the first if nothing is said. */
  Workload quick(long... newPoints) {
    var some = LongStream.of(newPoints).boxed().toList();
    return new Workload(
        family, name, title, unit, operation, axis, points, some, fixed, preparation);
  }

  Workload operation(String newOperation) {
    return new Workload(
        family, name, title, unit, newOperation, axis, points, quickPoints, fixed, preparation);
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
        preparation);
  }

  Workload after(Preparation newPreparation) {
    return new Workload(
        family, name, title, unit, operation, axis, points, quickPoints, fixed, newPreparation);
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
