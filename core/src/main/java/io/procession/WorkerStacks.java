package io.procession;

import io.procession.spi.Engine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the threads of one worker of a pool were doing at one moment.
 *
 * @param worker the worker's name, such as {@code pool-1-worker-2}
 * @param pid its process id; 0 while it is not started yet
 * @param task the number, within its pool, of the task that it was running when it was asked; 0 if
 *     it ran none
 * @param answered whether it told its stacks
 * @param text a line for each platform thread, each followed by its frames, first the thread that
 *     runs the tasks; if it did not answer, a sentence that says so, and why as far as that is
 *     known
 */
public record WorkerStacks(String worker, long pid, long task, boolean answered, String text) {

  /** A worker, and what it is running. */
  record Asked(Engine.Worker worker, long task) {}

  /** Asks all of these workers, and waits for their answers a second at the most. */
  static List<WorkerStacks> of(Map<String, Asked> workers) {
    var answers = new LinkedHashMap<String, CompletableFuture<String>>();
    workers.forEach((name, asked) -> answers.put(name, asked.worker().stacks()));
    var all = CompletableFuture.allOf(answers.values().toArray(CompletableFuture<?>[]::new));
    try {
      all.get(Ending.STACKS_NANOS, TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // Who did not answer is named below.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var stacks = new ArrayList<WorkerStacks>();
    workers.forEach((name, asked) -> {
      var worker = asked.worker();
      var answer = Objects.requireNonNull(answers.get(name));
      var answered = answer.state() == Future.State.SUCCESS;
      stacks.add(
          new WorkerStacks(name, worker.pid(), asked.task(), answered, text(answer, worker)));
    });
    return List.copyOf(stacks);
  }

  /** What became of the question for stacks. */
  static String text(CompletableFuture<String> answer, Engine.Worker worker) {
    return switch (answer.state()) {
      case SUCCESS -> answer.resultNow();
      case RUNNING ->
          "the worker did not tell its stacks within %d ms: %s"
              .formatted(Ending.STACKS_NANOS / 1_000_000, worker.silence());
      default -> "the worker did not tell its stacks: " + answer.exceptionNow().getMessage();
    };
  }
}
