package io.procession.testkit.queue;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.testing.QueueTestSuiteBuilder;
import com.google.common.collect.testing.TestStringQueueGenerator;
import com.google.common.collect.testing.features.CollectionFeature;
import com.google.common.collect.testing.features.CollectionSize;
import com.google.common.collect.testing.testers.CollectionToStringTester;
import io.procession.shared.JoinableQueue;
import io.procession.shared.SharedQueue;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import junit.framework.TestCase;
import junit.framework.TestResult;
import junit.framework.TestSuite;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Guava's suite for queues. */
class GuavaQueueTest {

  private final List<SharedQueue<String>> queues = new ArrayList<>();

  @TestFactory
  Stream<DynamicTest> sharedQueue() {
    return tests("SharedQueue", SharedQueue::create);
  }

  @TestFactory
  Stream<DynamicTest> boundedQueue() {
    return tests("bounded SharedQueue", () -> SharedQueue.bounded(100));
  }

  @TestFactory
  Stream<DynamicTest> joinableQueue() {
    return tests("JoinableQueue", JoinableQueue::create);
  }

  private Stream<DynamicTest> tests(String name, Supplier<SharedQueue<String>> make) {
    var generator =
        new TestStringQueueGenerator() {
          @Override
          protected Queue<String> create(String[] elements) {
            var queue = make.get();
            queues.add(queue);
            Collections.addAll(queue, elements);
            return queue;
          }
        };
    var suite =
        QueueTestSuiteBuilder.using(generator)
            .named(name)
            .withFeatures(
                CollectionFeature.GENERAL_PURPOSE,
                CollectionFeature.KNOWN_ORDER,
                CollectionSize.ANY)
            .suppressing(methods(CollectionToStringTester.class))
            .createTestSuite();
    var tests = new ArrayList<TestCase>();
    collect(suite, tests);
    assertThat(tests).hasSizeGreaterThan(100);
    return tests.stream().map(test -> DynamicTest.dynamicTest(test.toString(), () -> run(test)));
  }

  /** A shared queue's text names it, and leaves the elements unread. */
  private static List<Method> methods(Class<?> tester) {
    return Stream.of(tester.getMethods())
        .filter(method -> method.getName().startsWith("test"))
        .toList();
  }

  private static void collect(TestSuite suite, List<TestCase> tests) {
    for (var each : Collections.list(suite.tests())) {
      if (each instanceof TestSuite inner) {
        collect(inner, tests);
      } else {
        tests.add((TestCase) each);
      }
    }
  }

  private void run(TestCase test) {
    var result = new TestResult();
    test.run(result);
    queues.forEach(SharedQueue::close);
    queues.clear();
    Stream.of(result.failures(), result.errors())
        .map(Collections::list)
        .flatMap(List::stream)
        .findAny()
        .ifPresent(failure -> {
          throw new AssertionError(failure.trace(), failure.thrownException());
        });
  }
}
