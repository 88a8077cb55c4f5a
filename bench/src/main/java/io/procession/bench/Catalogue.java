package io.procession.bench;

import static io.procession.bench.Axis.BYTES;
import static io.procession.bench.Axis.CONNECTIONS;
import static io.procession.bench.Axis.ITEMS;
import static io.procession.bench.Axis.PAIRS;
import static io.procession.bench.Axis.PROCESSES;
import static io.procession.bench.Axis.TASKS;
import static io.procession.bench.Axis.WORKERS;
import static io.procession.bench.Unit.BYTES_PER_SECOND;
import static io.procession.bench.Unit.PERCENT;
import static io.procession.bench.Unit.PER_SECOND;
import static io.procession.bench.Unit.SECONDS;

import io.procession.bench.Workload.Preparation;
import java.util.List;

/**
 * Every workload. A row more is a line here and, in each peer that can do it, the operation; a
 * workload that no peer can do is left out of the tables.
 */
final class Catalogue {

  private static final long KIBI = 1 << 10;
  private static final long MEBI = 1 << 20;

  static final List<Workload> ALL =
      List.of(
          Workload.of(
                  Family.STARTUP,
                  "start-cold",
                  "Start of the first one, in a fresh parent, up to its end",
                  SECONDS)
              .after(Preparation.FRESH_PROCESS),
          Workload.of(Family.STARTUP, "start", "Start of a further one, up to its end", SECONDS),
          Workload.of(Family.STARTUP, "start-warm", "The same from a warm spare", SECONDS),
          Workload.of(
                  Family.STARTUP,
                  "pool-start",
                  "Opening a pool, up to its first result, and closing it",
                  SECONDS)
              .by(WORKERS, 1, 2, 4, 8, 64)
              .quick(2),
          Workload.of(Family.STARTUP, "memory", "Memory of one that idles", Unit.BYTES)
              .after(Preparation.NONE),
          Workload.of(Family.STARTUP, "idle", "Processor time of an idle pool", PERCENT)
              .by(WORKERS, 4, 64)
              .after(Preparation.NONE),
          Workload.of(Family.POOLS, "round-trip", "Round trip of one empty task", SECONDS)
              .by(WORKERS, 1, 2, 4, 8, 64)
              .quick(1, 2),
          Workload.of(Family.POOLS, "round-trip-idle", "The same after 5 ms of idleness", SECONDS)
              .by(WORKERS, 2),
          Workload.of(Family.POOLS, "tasks", "20,000 tasks, sent one by one", PER_SECOND)
              .by(WORKERS, 1, 2, 4, 8, 64)
              .quick(2),
          Workload.of(
                  Family.POOLS,
                  "items-by-workers",
                  "Items of one call, default chunks, 100,000 at once",
                  PER_SECOND)
              .operation("items")
              .with("items", 100_000)
              .by(WORKERS, 1, 2, 4, 8, 64)
              .quick(2),
          Workload.of(
                  Family.POOLS, "items", "Items of one call, default chunks, 2 workers", PER_SECOND)
              .with("workers", 2)
              .by(ITEMS, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
              .quick(100, 1_000_000),
          Workload.of(Family.DATA, "arguments", "Arguments, 2 workers", BYTES_PER_SECOND)
              .with("workers", 2)
              .by(BYTES, 16, KIBI, 64 * KIBI, MEBI, 16 * MEBI, 256 * MEBI)
              .quick(MEBI),
          Workload.of(Family.DATA, "results", "Results, 2 workers", BYTES_PER_SECOND)
              .with("workers", 2)
              .by(BYTES, 16, KIBI, 64 * KIBI, MEBI, 16 * MEBI, 256 * MEBI)
              .quick(MEBI),
          Workload.of(Family.QUEUES, "queue", "Messages from one process to another", PER_SECOND)
              .by(BYTES, 8, 64, KIBI, 64 * KIBI, MEBI)
              .quick(8, KIBI),
          Workload.of(
                  Family.QUEUES,
                  "queue-pairs",
                  "Messages of 8 B, by producers and consumers",
                  PER_SECOND)
              .operation("queue")
              .with("bytes", 8)
              .by(PAIRS, 1, 2, 4)
              .quick(4),
          Workload.of(
                  Family.QUEUES,
                  "queue-round-trip",
                  "Round trip, one following closely on the other",
                  SECONDS)
              .by(BYTES, 8, KIBI, 64 * KIBI, MEBI),
          Workload.of(
                  Family.QUEUES,
                  "queue-round-trip-idle",
                  "Round trip after 5 ms of idleness",
                  SECONDS)
              .by(BYTES, 8),
          Workload.of(
              Family.SHARED, "lock", "A lock that nobody else wants: acquire and release", SECONDS),
          Workload.of(
                  Family.SHARED,
                  "lock-contended",
                  "A lock that others want too: acquired and released",
                  PER_SECOND)
              .by(PROCESSES, 2, 4),
          Workload.of(
                  Family.SHARED,
                  "array",
                  "An array of doubles handed to a child, and summed there",
                  SECONDS)
              .by(BYTES, MEBI, 10 * MEBI, 100 * MEBI)
              .quick(10 * MEBI),
          Workload.of(
                  Family.SHARED,
                  "waiters",
                  "Processor time of a process in which 100 threads wait for a queue",
                  PERCENT)
              .after(Preparation.NONE),
          Workload.of(
                  Family.LOOP,
                  "sleepers",
                  "Tasks of an event loop that sleep a second, all at once",
                  SECONDS)
              .by(TASKS, 1_000, 10_000, 100_000)
              .quick(10_000),
          Workload.of(
                  Family.LOOP,
                  "task-memory",
                  "Memory of a task of an event loop that sleeps",
                  Unit.BYTES)
              .by(TASKS, 100_000)
              .after(Preparation.NONE),
          Workload.of(
              Family.LOOP,
              "switches",
              "A million switches from one task of an event loop to another",
              PER_SECOND),
          Workload.of(Family.LOOP, "echo", "Echoes of 64 B by a server", PER_SECOND)
              .by(CONNECTIONS, 10, 100, 1_000)
              .quick(100),
          Workload.of(Family.WORK, "fibonacci", "Fibonacci numbers, computed", PER_SECOND)
              .by(WORKERS, 1, 2, 4)
              .quick(2),
          Workload.of(Family.WORK, "words", "Word count of texts", BYTES_PER_SECOND)
              .by(WORKERS, 1, 2, 4, 64)
              .quick(2),
          Workload.of(Family.WORK, "lines", "Line count of texts", BYTES_PER_SECOND)
              .by(WORKERS, 1, 2, 4)
              .quick(2),
          Workload.of(Family.WORK, "rows", "Rows of a measurements file, by station", PER_SECOND)
              .by(WORKERS, 1, 2, 4)
              .quick(2),
          Workload.of(Family.WORK, "images", "Images scaled down", PER_SECOND)
              .by(WORKERS, 1, 2, 4)
              .quick(2));

  private Catalogue() {}
}
