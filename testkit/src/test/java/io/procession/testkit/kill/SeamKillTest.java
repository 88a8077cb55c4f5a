package io.procession.testkit.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Pool;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.testkit.NoLeaks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers die at each step of the protocols, at their first, second and seventh time there. */
@NoLeaks
class SeamKillTest {

  private static final int WORKERS = 4;
  private static final List<Integer> COUNTS = List.of(1, 2, 7);
  private static final int DEATHS = Math.max(2, Settings.KILLS / 50);
  private static final int MOST_ROUNDS = 100;
  private static final int ITEMS = 12;
  private static final int LARGE_BYTES = 300_000;

  /** More than is kept for another message. */
  private static final int HUGE_BYTES = 17 << 20;

  /** A process passes them once. */
  private static final Set<Step> ONCE =
      EnumSet.of(Step.CHILD_BORN, Step.CHILD_READY, Step.CHILD_RETIRED);

  @TempDir Path directory;

  static Set<Step> steps() {
    return Step.OF_CALLS;
  }

  @ParameterizedTest
  @MethodSource("steps")
  void everyTaskEndsThoughWorkersDieAt(Step step) throws Exception {
    for (var count : COUNTS) {
      if (count > 1 && ONCE.contains(step)) {
        continue;
      }
      var tokens = Files.createDirectory(directory.resolve("tokens-" + count));
      for (var i = 0; i < DEATHS; i++) {
        Files.createFile(tokens.resolve(Seam.TOKEN + i));
      }
      var dead = new Dead(tokens);
      var setting = "-D" + Seam.PROPERTY + "=" + step + ":" + count + "@" + tokens;
      try (var pool = Pool.builder().workers(WORKERS).jvmArguments(setting).build()) {
        var ends = new Ends(pool, dead);
        var rounds = 0;
        do {
          round(pool, step, ends);
          rounds++;
        } while (rounds < MOST_ROUNDS && dead.size() < DEATHS && step != Step.CHILD_RETIRED);
        ends.checkEachEndedOnce();
        pool.shutdown();
        System.out.printf(
            "%s, %s:%d: values=%d, crashed=%d, rounds=%d%n",
            Settings.platform(), step, count, ends.values(), ends.crashes(), rounds);
        assertThat(ends.crashes()).isLessThanOrEqualTo(DEATHS);
      }
      System.out.printf("%s, %s:%d: deaths=%d%n", Settings.platform(), step, count, dead.size());
      assertThat(dead).as("deaths at %s:%d", step, count).isNotEmpty();
    }
  }

  private static void round(Pool pool, Step step, Ends ends) throws Exception {
    var retrying = pool.withRetries(DEATHS);
    var waits = new ArrayList<Wait>();
    for (var i = 0L; i < ITEMS; i++) {
      var task = i;
      var plain = ends.watch(pool.submit(() -> Work.answer(task)));
      waits.add(() -> ends.await(plain, Work.answer(task), false));
      var retried = ends.watch(retrying.submit(() -> Work.answer(task)));
      waits.add(() -> ends.await(retried, Work.answer(task), true));
    }
    for (var i = 0; i < WORKERS; i++) {
      var large = ends.watch(retrying.submit(Work::grow, new byte[LARGE_BYTES], 2 * LARGE_BYTES));
      waits.add(() -> ends.await(large, new byte[2 * LARGE_BYTES], true));
      var pages = ends.watch(pool.submit(() -> Work.pages(LARGE_BYTES, 3 * LARGE_BYTES).size()));
      waits.add(() -> ends.await(pages, 2, false));
      var outgrown = ends.watch(retrying.submit(() -> Work.pages(LARGE_BYTES, 3 * LARGE_BYTES)));
      waits.add(() -> assertThat(outgrown.get().get(1)).hasSize(3 * LARGE_BYTES));
    }
    if (step == Step.SEGMENT_FORGOTTEN) {
      for (var i = 0; i < WORKERS; i++) {
        var huge = ends.watch(pool.submit(() -> Work.grow(new byte[0], HUGE_BYTES)));
        waits.add(() -> ends.await(huge, new byte[HUGE_BYTES], false));
      }
    }
    var items = LongStream.range(0, ITEMS).boxed().toList();
    for (var task : pool.mapAsync(Work::answer, items)) {
      var _ = ends.watch(task);
    }
    assertThat(retrying.map(Work::answer, items)).hasSameElementsAs(answers(items));
    for (var wait : waits) {
      wait.await();
    }
  }

  private static List<Long> answers(List<Long> items) {
    return items.stream().map(Work::answer).toList();
  }

  @FunctionalInterface
  private interface Wait {
    void await() throws Exception;
  }

  /** The processes that took a token. */
  private static final class Dead extends AbstractSet<Long> {

    private final Path tokens;

    Dead(Path tokens) {
      this.tokens = tokens;
    }

    @Override
    public Iterator<Long> iterator() {
      return pids().iterator();
    }

    @Override
    public int size() {
      return pids().size();
    }

    private List<Long> pids() {
      try (Stream<Path> files = Files.list(tokens)) {
        return files
            .map(file -> file.getFileName().toString())
            .filter(name -> name.startsWith(Seam.DIED))
            .map(name -> Long.valueOf(name.substring(Seam.DIED.length())))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
