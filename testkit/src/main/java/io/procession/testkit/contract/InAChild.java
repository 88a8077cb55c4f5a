package io.procession.testkit.contract;

import io.procession.Pool;
import io.procession.QueueClosedException;
import io.procession.shared.SharedQueue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;

/**
 * Runs each test of a class in a child process, where {@link #sibling} gives other children of this
 * process. So the children share, and this process only watches.
 *
 * <p>The test's object is made in the child, with the constructor that has no arguments but the
 * object around it, if there is one. Methods before and after each test run here, around it.
 */
public final class InAChild implements BeforeAllCallback, AfterAllCallback, InvocationInterceptor {

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(InAChild.class);

  /** In the child: where it gets siblings. */
  private static volatile @Nullable Siblings siblings;

  /** How a child asks its parent for siblings, and where they come. */
  private record Siblings(SharedQueue<Boolean> wanted, SharedQueue<Pool> lent) {}

  /** For JUnit. */
  public InAChild() {}

  /** In a test that runs in a child: another child, new, that ends with the test. */
  public static Party sibling() {
    var here = Objects.requireNonNull(siblings, "this is no child that runs a test");
    here.wanted.add(true);
    try {
      var pool = here.lent.poll(Party.PATIENCE_SECONDS, TimeUnit.SECONDS);
      return ChildParty.lent(Objects.requireNonNull(pool, "the parent lends no child"));
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a sibling comes", e);
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    var pool = Pool.ofProcesses(1);
    context.getStore(NAMESPACE).put(Pool.class, pool);
    // What comes with a first child belongs to no test.
    var _ = pool.submit(() -> true).join();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    var pool = context.getStore(NAMESPACE).remove(Pool.class, Pool.class);
    if (pool != null) {
      end(pool);
    }
  }

  private static void end(Pool pool) {
    pool.terminate();
    pool.close();
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> method,
      ExtensionContext context)
      throws Throwable {
    invocation.skip();
    var child =
        Objects.requireNonNull(context.getStore(NAMESPACE).get(Pool.class, Pool.class), "child");
    var test = context.getRequiredTestClass().getName();
    var declaring = method.getExecutable().getDeclaringClass().getName();
    var name = method.getExecutable().getName();
    var lending = new ArrayList<Pool>();
    try (var wanted = SharedQueue.<Boolean>create();
        var lent = SharedQueue.<Pool>create()) {
      var result = child.submit(() -> run(test, declaring, name, new Siblings(wanted, lent)));
      var over = result.whenComplete((_, _) -> wanted.shutdown());
      lend(wanted, lent, lending);
      over.get();
    } catch (ExecutionException e) {
      throw e.getCause() == null ? e : e.getCause();
    } finally {
      lending.forEach(InAChild::end);
    }
  }

  private static void lend(SharedQueue<Boolean> wanted, SharedQueue<Pool> lent, ArrayList<Pool> all)
      throws InterruptedException {
    try {
      while (wanted.take()) {
        // One process, whoever waits for whom.
        all.add(Pool.builder().workers(1).maxNested(0).build());
        lent.put(all.getLast());
      }
    } catch (QueueClosedException _) {
      // the test is over
    }
  }

  private static boolean run(String test, String declaring, String name, Siblings here)
      throws Exception {
    siblings = here;
    try {
      var method = Class.forName(declaring).getDeclaredMethod(name);
      method.setAccessible(true);
      method.invoke(make(Class.forName(test)));
      return true;
    } catch (InvocationTargetException e) {
      switch (e.getCause()) {
        case Exception exception -> throw exception;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    } finally {
      siblings = null;
    }
  }

  private static Object make(Class<?> type) throws ReflectiveOperationException {
    var around = type.getEnclosingClass();
    if (around == null) {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    }
    var constructor = type.getDeclaredConstructor(around);
    constructor.setAccessible(true);
    return constructor.newInstance(make(around));
  }
}
