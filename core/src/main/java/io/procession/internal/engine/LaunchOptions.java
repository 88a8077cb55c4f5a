package io.procession.internal.engine;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import org.jspecify.annotations.Nullable;

/**
 * What a child JVM gets beyond what it has from its parent. Immutable; each {@code with…} gives a
 * changed copy. Two equal options make interchangeable children.
 *
 * @param mainClass the binary name of a class of this library with a {@code main}
 * @param mainArguments the arguments of that {@code main}
 * @param jvmArguments further JVM arguments; they come last, so they win
 * @param environment variables set in the child, over those that it inherits
 * @param directory the working directory, or null for the parent's
 * @param maxHeapBytes the largest heap, or 0 for {@code maxHeapPercent}
 * @param maxHeapPercent the largest heap as a share of the memory, in percent, or 0 for the JVM's
 *     own choice
 * @param processors the number of processors that the child counts, or 0 for all
 * @param crashDirectory where the JVM writes {@code hs_err_pid<pid>.log} should it crash, or null
 *     for the JVM's own choice
 */
public record LaunchOptions(
    String mainClass,
    List<String> mainArguments,
    List<String> jvmArguments,
    Map<String, String> environment,
    @Nullable Path directory,
    long maxHeapBytes,
    double maxHeapPercent,
    int processors,
    @Nullable Path crashDirectory) {

  public LaunchOptions {
    mainArguments = List.copyOf(mainArguments);
    jvmArguments = List.copyOf(jvmArguments);
    environment = Map.copyOf(environment);
    if (maxHeapBytes < 0) {
      throw new IllegalArgumentException(
          "The largest heap must not be negative. maxHeapBytes=" + maxHeapBytes);
    }
    if (!(maxHeapPercent >= 0 && maxHeapPercent <= 100)) {
      throw new IllegalArgumentException(
          "The largest heap must be 0 to 100 percent of the memory. maxHeapPercent="
              + maxHeapPercent);
    }
    if (processors < 0) {
      throw new IllegalArgumentException(
          "The number of processors must not be negative. processors=" + processors);
    }
  }

  /**
   * Whatever else of this process a child gets from it that may change while it runs; two children
   * that were started with equal options and equal surroundings are interchangeable.
   */
  public static Object surroundings() {
    return List.of(
        Locale.getDefault(),
        Locale.getDefault(Locale.Category.DISPLAY),
        Locale.getDefault(Locale.Category.FORMAT),
        TimeZone.getDefault(),
        StandardOutput.mustBeForwarded(),
        JavaCommand.outputCharset(),
        JavaCommand.errorCharset());
  }

  /** A child that runs this main class and is otherwise like its parent. */
  public static LaunchOptions of(String mainClass) {
    return new LaunchOptions(mainClass, List.of(), List.of(), Map.of(), null, 0, 0, 0, null);
  }

  public LaunchOptions withMainArguments(List<String> newMainArguments) {
    return new LaunchOptions(
        mainClass,
        newMainArguments,
        jvmArguments,
        environment,
        directory,
        maxHeapBytes,
        maxHeapPercent,
        processors,
        crashDirectory);
  }

  public LaunchOptions withJvmArguments(List<String> newJvmArguments) {
    return new LaunchOptions(
        mainClass,
        mainArguments,
        newJvmArguments,
        environment,
        directory,
        maxHeapBytes,
        maxHeapPercent,
        processors,
        crashDirectory);
  }

  public LaunchOptions withEnvironment(Map<String, String> newEnvironment) {
    return new LaunchOptions(
        mainClass,
        mainArguments,
        jvmArguments,
        newEnvironment,
        directory,
        maxHeapBytes,
        maxHeapPercent,
        processors,
        crashDirectory);
  }

  public LaunchOptions withDirectory(@Nullable Path newDirectory) {
    return new LaunchOptions(
        mainClass,
        mainArguments,
        jvmArguments,
        environment,
        newDirectory,
        maxHeapBytes,
        maxHeapPercent,
        processors,
        crashDirectory);
  }

  public LaunchOptions withMaxHeapBytes(long newMaxHeapBytes) {
    return new LaunchOptions(
        mainClass,
        mainArguments,
        jvmArguments,
        environment,
        directory,
        newMaxHeapBytes,
        maxHeapPercent,
        processors,
        crashDirectory);
  }

  public LaunchOptions withMaxHeapPercent(double newMaxHeapPercent) {
    return new LaunchOptions(
        mainClass,
        mainArguments,
        jvmArguments,
        environment,
        directory,
        maxHeapBytes,
        newMaxHeapPercent,
        processors,
        crashDirectory);
  }

  public LaunchOptions withProcessors(int newProcessors) {
    return new LaunchOptions(
        mainClass,
        mainArguments,
        jvmArguments,
        environment,
        directory,
        maxHeapBytes,
        maxHeapPercent,
        newProcessors,
        crashDirectory);
  }

  public LaunchOptions withCrashDirectory(@Nullable Path newCrashDirectory) {
    return new LaunchOptions(
        mainClass,
        mainArguments,
        jvmArguments,
        environment,
        directory,
        maxHeapBytes,
        maxHeapPercent,
        processors,
        newCrashDirectory);
  }
}
