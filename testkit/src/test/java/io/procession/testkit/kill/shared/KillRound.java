package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.ChildProcess;
import io.procession.shared.SharedEvent;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLongArray;
import io.procession.testkit.kill.Signals;
import io.procession.testkit.kill.shared.Trace.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Some processes that use the same objects and are killed, one soon after the other, while this
 * process goes on. They come up before it is their turn.
 */
final class KillRound implements AutoCloseable {

  private static final int LONGEST_AIM_NANOS = 20_000_000;
  private static final int LONGEST_REST_NANOS = 1_000_000;

  /** As a shell shows SIGKILL. */
  private static final int KILLED = 137;

  private final Random random;
  private final List<Ground> grounds;
  private final SharedLongArray words;
  private final SharedLatch ready;
  private final SharedEvent go = SharedEvent.create();
  private final List<ChildProcess> victims = new ArrayList<>();

  /** Of each who dies, and then of those who live on, for each object. */
  private final List<List<Trace>> traces = new ArrayList<>();

  private final List<Thread> survivors = new ArrayList<>();
  private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  /**
   * @param sets how many of each kind of objects there are
   */
  KillRound(List<Supplier<Ground>> kinds, int sets, int victims, Random random) {
    this.random = random;
    grounds =
        IntStream.range(0, sets).boxed().flatMap(set -> kinds.stream().map(Supplier::get)).toList();
    var mostSurvivors = grounds.stream().mapToInt(Ground::survivors).max().orElseThrow();
    var users = victims + mostSurvivors;
    words = SharedLongArray.create(users * grounds.size() * Trace.WORDS);
    for (var user = 0; user < users; user++) {
      traces.add(tracesOf(user));
    }
    ready = SharedLatch.create(victims);
    for (var user = 0; user < victims; user++) {
      var victim = new Victim(grounds, traces.get(user), ready, go, random.nextLong());
      this.victims.add(
          ChildProcess.builder()
              .jvmArguments("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")
              .start(Victim::live, victim));
    }
  }

  private List<Trace> tracesOf(int user) {
    return IntStream.range(0, grounds.size())
        .mapToObj(i -> new Trace(words, (user * grounds.size() + i) * Trace.WORDS, user))
        .toList();
  }

  /** Has all begin, and returns when all are at it. */
  void begin() throws Exception {
    assertThat(ready.await(Ground.LONG)).as("all are up").isTrue();
    for (var i = 0; i < grounds.size(); i++) {
      for (var role = 0; role < grounds.get(i).survivors(); role++) {
        survivors.add(start(grounds.get(i), role, traces.get(victims.size() + role).get(i)));
      }
    }
    go.set();
    awaitAll(dying -> dying.phase() != Phase.OUTSIDE || dying.turns() > 0);
  }

  /** Stops one of them for as long, and returns when it has gone on with everything. */
  void stop(Duration duration) throws Exception {
    LockSupport.parkNanos(random.nextInt(LONGEST_AIM_NANOS));
    var victim = victims.get(random.nextInt(victims.size()));
    Signals.send("STOP", victim.pid());
    try {
      Signals.awaitState(victim.pid(), 'T');
      Thread.sleep(duration);
    } finally {
      Signals.send("CONT", victim.pid());
    }
    var before =
        traces.stream().flatMap(List::stream).collect(Collectors.toMap(each -> each, Trace::turns));
    awaitAll(dying -> dying.turns() > before.get(dying));
    for (var ground : grounds) {
      ground.checkNobodyDied();
    }
    checkFailures();
  }

  /** Kills them all, looks whether the others go on, and adds to the counts. */
  void kill(Map<String, Map<Phase, Integer>> landed) throws Exception {
    for (var victim : victims) {
      LockSupport.parkNanos(random.nextInt(LONGEST_AIM_NANOS));
      victim.kill();
    }
    for (var victim : victims) {
      victim.join();
      assertThat(victim.exitCode()).as("%s", victim).isEqualTo(KILLED);
    }
    for (var ground : grounds) {
      ground.calm();
      checkFailures();
    }
    over = true;
    for (var ground : grounds) {
      ground.wake();
    }
    for (var survivor : survivors) {
      join(survivor);
    }
    for (var i = 0; i < grounds.size(); i++) {
      settle(i);
      var counts =
          landed.computeIfAbsent(grounds.get(i).name(), name -> new EnumMap<>(Phase.class));
      dead(i).forEach(trace -> counts.merge(trace.phase(), 1, Integer::sum));
    }
  }

  /** Waits until something has come true of all that will die. */
  private void awaitAll(Predicate<Trace> isReached) throws InterruptedException {
    var left =
        new ArrayList<>(IntStream.range(0, victims.size() * grounds.size()).boxed().toList());
    var end = System.nanoTime() + Ground.LONG.toNanos();
    while (!left.isEmpty()) {
      assertThat(victims).as("who is to be killed lives").allMatch(ChildProcess::isAlive);
      checkFailures();
      left.removeIf(i -> isReached.test(traces.get(i / grounds.size()).get(i % grounds.size())));
      assertThat(System.nanoTime()).as("stuck: %s", names(left)).isLessThan(end);
      Thread.sleep(1);
    }
  }

  private List<String> names(List<Integer> traces) {
    return traces.stream().map(i -> grounds.get(i % grounds.size()).name()).toList();
  }

  private List<Trace> dead(int ground) {
    return traces.subList(0, victims.size()).stream().map(all -> all.get(ground)).toList();
  }

  private List<Trace> living(int ground) {
    return traces.stream().skip(victims.size()).map(all -> all.get(ground)).toList();
  }

  private Thread start(Ground ground, int role, Trace trace) {
    var builder = random.nextBoolean() ? Thread.ofVirtual() : Thread.ofPlatform().daemon();
    var own = new Random(random.nextLong());
    return builder
        .name(ground.name() + " " + role)
        .start(() -> {
          try {
            ground.survive(role, trace, own, () -> rest(own));
          } catch (Throwable e) {
            failures.add(e);
          }
        });
  }

  /** Leaves the processors to others now and then; gives whether it is over. */
  private boolean rest(Random own) {
    LockSupport.parkNanos(own.nextInt(LONGEST_REST_NANOS));
    return over;
  }

  private void join(Thread survivor) throws InterruptedException {
    if (!survivor.join(Ground.LONG)) {
      var stuck = new AssertionError("stuck: " + survivor);
      stuck.setStackTrace(survivor.getStackTrace());
      failures.add(stuck);
    }
    checkFailures();
  }

  private void checkFailures() {
    if (!failures.isEmpty()) {
      throw new AssertionError("who lives on failed; failures=" + failures, failures.peek());
    }
  }

  private void settle(int ground) {
    try {
      grounds.get(ground).settle(dead(ground), living(ground));
    } catch (Exception | AssertionError e) {
      var phases = dead(ground).stream().map(Trace::phase).toList();
      throw new AssertionError(
          "%s, after deaths while %s".formatted(grounds.get(ground).name(), phases), e);
    }
  }

  @Override
  public void close() {
    // Also those whose turn never came.
    victims.forEach(ChildProcess::kill);
    Stream.concat(grounds.stream(), Stream.of(words, ready, go)).forEach(KillRound::close);
  }

  private static void close(AutoCloseable thing) {
    try {
      thing.close();
    } catch (Exception e) {
      throw new AssertionError("it cannot be closed: " + thing, e);
    }
  }
}
