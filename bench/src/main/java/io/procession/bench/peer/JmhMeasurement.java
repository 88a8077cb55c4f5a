package io.procession.bench.peer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures by JMH, each time in a fresh fork that warms up by itself. */
final class JmhMeasurement implements Measurement {

  private static final double LEAST_WARM_UP_SECONDS = 0.3;
  private static final double LEAST_SECONDS = 0.1;

  private final String benchmark;
  private final Mode mode;
  private final double amount;
  private final int threads;
  private final Map<String, String> parameters = new LinkedHashMap<>();

  /**
   * @param mode what is wanted: {@code SampleTime} gives single times, {@code AverageTime} seconds,
   *     {@code Throughput} how much is done in a second
   * @param amount how much one call does
   */
  JmhMeasurement(Class<?> type, String method, Mode mode, double amount, int threads) {
    this.benchmark = type.getName() + "." + method;
    this.mode = mode;
    this.amount = amount;
    this.threads = threads;
  }

  static JmhMeasurement latency(Class<?> type, String method) {
    return new JmhMeasurement(type, method, Mode.SampleTime, 1, 1);
  }

  static String version() {
    var jar = Runner.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return jar.replaceAll("^.*jmh-core-|\\.jar$", "");
  }

  JmhMeasurement with(String parameter, Object value) {
    parameters.put(parameter, value.toString());
    return this;
  }

  /** Each fork does that for itself. */
  @Override
  public void warm(double seconds) {}

  @Override
  public Sample measure(double seconds) throws RunnerException {
    // It may be that several run at once, which the driver knows and JMH would forbid.
    System.setProperty("jmh.ignoreLock", "true");
    var builder =
        new OptionsBuilder()
            .include("^" + Pattern.quote(benchmark) + "$")
            .mode(mode)
            .threads(threads)
            .timeUnit(TimeUnit.SECONDS)
            .forks(1)
            .warmupIterations(1)
            .warmupTime(milliseconds(Math.max(seconds * 2, LEAST_WARM_UP_SECONDS)))
            .measurementIterations(1)
            .measurementTime(milliseconds(Math.max(seconds, LEAST_SECONDS)))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    parameters.forEach(builder::param);
    var result = new Runner(builder.build()).runSingle().getPrimaryResult();
    var statistics = result.getStatistics();
    return switch (mode) {
      case SampleTime ->
          new Sample(statistics.getPercentile(50), statistics.getPercentile(99), statistics.getN());
      case AverageTime -> new Sample(result.getScore() / amount, 0, result.getSampleCount());
      default -> new Sample(result.getScore() * amount, 0, result.getSampleCount());
    };
  }

  private static TimeValue milliseconds(double seconds) {
    return TimeValue.milliseconds((long) (seconds * 1e3));
  }
}
