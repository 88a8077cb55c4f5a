package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.family.Family;
import io.procession.internal.wire.Step;
import io.procession.testkit.kill.shared.Sentence.Point;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Kills the users of an object one after the other, each at a chosen step of a chosen course of
 * calls, while nobody else is at it: so each run can be repeated exactly.
 */
final class SoloKills {

  /** When those who live do what a parent does that sees a death. */
  private enum Burial {
    AT_ONCE,
    AFTER_A_CALL,
    AT_LAST
  }

  private static final int MOST_VICTIMS = 3;

  /** For each course of calls: how many points between two stores are tried. */
  private static final int STORES_PER_COURSE = 40;

  private final LongFunction<Subject> subjects;
  private final Map<Step, Integer> landed = new EnumMap<>(Step.class);
  private final Map<Step, Integer> passed = new EnumMap<>(Step.class);
  private final Family root;
  private int kills;

  SoloKills(Family root, LongFunction<Subject> subjects) {
    this.root = root;
    this.subjects = subjects;
  }

  /** Kills until so many have landed, and at each step that is ever passed. */
  void run(long seed, int wanted) throws Exception {
    // It is passed only while the heap is small.
    for (var count = 1; count <= 3; count++) {
      replay(seed, List.of(new Point(Step.BLOCK_SIZED, 1)), Burial.AT_ONCE);
    }
    for (var course = seed; kills < wanted || (!isComplete() && kills < 4 * wanted); course++) {
      var steps = new Trial(course, List.of(), Burial.AT_ONCE).run();
      steps.forEach((step, count) -> passed.merge(step, count, Integer::sum));
      var random = new Random(course);
      for (var step : steps.keySet()) {
        var points = step == Step.STORE_DUE ? Math.min(STORES_PER_COURSE, steps.get(step)) : 1;
        for (var i = 0; i < points; i++) {
          var first = new Point(step, 1 + random.nextInt(steps.get(step)));
          replay(course, chain(first, steps, random), Burial.values()[random.nextInt(3)]);
        }
      }
    }
    assertThat(landed.keySet()).as("steps with a kill").containsAll(repeatable());
  }

  private boolean isComplete() {
    return landed.keySet().containsAll(repeatable());
  }

  /** Whether anybody is listed as waiting depends on the time, which no course repeats. */
  private Set<Step> repeatable() {
    var steps = EnumSet.copyOf(passed.keySet());
    steps.removeAll(EnumSet.of(Step.WAITER_LISTED, Step.WAITER_TAKEN));
    return steps;
  }

  /** The others may not get as far as their points, and then die after all their calls. */
  private static List<Point> chain(Point first, Map<Step, Integer> steps, Random random) {
    var points = new ArrayList<>(List.of(first));
    var all = List.copyOf(steps.keySet());
    while (points.size() < MOST_VICTIMS && random.nextBoolean()) {
      var step = random.nextBoolean() ? Step.STORE_DUE : all.get(random.nextInt(all.size()));
      points.add(new Point(step, 1 + random.nextInt(Math.min(60, steps.get(step)))));
    }
    return points;
  }

  private void replay(long course, List<Point> points, Burial burial) throws Exception {
    try {
      var _ = new Trial(course, points, burial).run();
    } catch (Exception | Error e) {
      throw new AssertionError(
          "after the deaths at %s; course=%d burial=%s".formatted(points, course, burial), e);
    }
  }

  int kills() {
    return kills;
  }

  Map<Step, Integer> landed() {
    return landed;
  }

  private final class Trial {
    private final long course;
    private final List<Point> points;
    private final Burial burial;
    private final Subject subject;

    Trial(long course, List<Point> points, Burial burial) {
      this.course = course;
      this.points = points;
      this.burial = burial;
      subject = subjects.apply(course);
    }

    /** Gives what the first victim passed. */
    Map<Step, Integer> run() throws Exception {
      subject.begin(root);
      var sentences = new ArrayList<Sentence>();
      if (points.isEmpty()) {
        sentences.add(victim(0, null));
      }
      for (var i = 0; i < points.size(); i++) {
        sentences.add(victim(i, points.get(i)));
      }
      root.buryTheDead();
      subject.settle();
      subject.end();
      HeapCheck.check(root);
      assertThat(HeapCheck.used(root)).as("memory that nobody holds").isEmpty();
      return sentences.getFirst().passed();
    }

    private Sentence victim(int number, Point point) throws Exception {
      var sentence = new Sentence(point);
      var member = Family.join(root.handle());
      sentence.setMember(member);
      sentence.pronounce(() -> subject.use(member, number, course * MOST_VICTIMS + number));
      if (sentence.isExecuted()) {
        kills++;
        landed.merge(point.step(), 1, Integer::sum);
      } else {
        member.freeze();
      }
      // Whatever the victim began that is not known by now is its own.
      root.roster()
          .forEachLiving(living -> {
            if (living != root.self()) {
              root.markDead(living);
            }
          });
      if (burial == Burial.AFTER_A_CALL) {
        subject.touch();
      }
      if (burial != Burial.AT_LAST) {
        root.buryTheDead();
      } else {
        subject.touch();
      }
      return sentence;
    }
  }
}
