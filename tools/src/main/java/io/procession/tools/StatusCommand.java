package io.procession.tools;

import io.procession.status.PoolStatus;
import io.procession.status.WorkerStatus;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a pool is doing, or was doing when it died. */
@Command(
    name = "status",
    description = {
      "Shows what a pool is doing, by the file that PoolBuilder.status(file) has it write.",
      "It works from any process, and after the death of the pool."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class StatusCommand implements Callable<Integer> {

  /** A pool writes four times a second; one that did not for so long is gone, or stands still. */
  private static final Duration STALE = Duration.ofSeconds(3);

  private static final List<String> TITLES =
      List.of("worker", "pid", "state", "up", "tasks done", "task", "for", "memory");

  @Parameters(paramLabel = "<file>", description = "the pool's status file")
  private Path file = Path.of("");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try {
      report(PoolStatus.read(file));
      return 0;
    } catch (NoSuchFileException e) {
      throw new WrongUse(
          "there is no such file; is the pool built with status(file)? file=" + file);
    }
  }

  private void report(PoolStatus status) {
    var out = spec.commandLine().getOut();
    var now = Instant.now();
    out.printf(
        "pool: %s %s, of process %d%s%n",
        status.pool(), status.state(), status.pid(), silence(status, now));
    out.printf(
        "written: %s, up for %s%n",
        status.written().truncatedTo(ChronoUnit.SECONDS), time(status.started(), status.written()));
    out.printf(
        "tasks: waiting=%d done=%d failed=%d bytes in flight=%d%n",
        status.waiting(), status.tasksDone(), status.tasksFailed(), status.bytesInFlight());
    var left = status.workersLeftOut();
    out.printf("workers: %d crashed=%d%n", status.workers().size() + left, status.crashes());
    if (!status.workers().isEmpty()) {
      out.println();
      Table.of(
              TITLES,
              status.workers().stream().map(worker -> cells(worker, status.written())).toList())
          .forEach(out::println);
    }
    if (left > 0) {
      out.printf("and %d more, for which the status file has no room%n", left);
    }
  }

  private static String silence(PoolStatus status, Instant now) {
    if (status.state().equals("TERMINATED")) {
      return "";
    }
    if (ProcessHandle.of(status.pid()).isEmpty()) {
      return ", which is dead";
    }
    return status.written().plus(STALE).isBefore(now)
        ? ", which has written nothing for " + time(status.written(), now)
        : "";
  }

  private static List<String> cells(WorkerStatus worker, Instant written) {
    return List.of(
        worker.name(),
        Long.toString(worker.pid()),
        worker.state(),
        time(worker.started(), written),
        Long.toString(worker.tasksDone()),
        worker.task() == 0 ? "-" : Long.toString(worker.task()),
        time(worker.taskSince(), written),
        (worker.residentBytes() >> 20) + " MiB");
  }

  private static String time(@Nullable Instant from, Instant to) {
    if (from == null) {
      return "-";
    }
    var time = Duration.between(from, to);
    return time.isNegative() ? "0 s" : "%.1f s".formatted(time.toMillis() / 1000.0);
  }
}
