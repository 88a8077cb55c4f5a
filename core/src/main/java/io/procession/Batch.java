package io.procession;

import io.procession.spi.Engine;
import java.util.Collection;

/**
 * Encoded calls of one job that are, or will be, sent to a worker together.
 *
 * @param job whose calls they are
 * @param calls the encoded calls, of which this batch has a part
 * @param firstIndex the number, within the job, of the first call in {@code calls}
 * @param firstTask the number, within the pool, of the first call in {@code calls}
 * @param from the first call in {@code calls} that is of this batch
 * @param to the first call behind those of this batch
 * @param terms on which terms the calls are run
 * @param attempt how often they were begun to be run, with this time
 * @param load what {@code calls}, in whatever batches, weigh until they are settled
 * @param nest what they are nested in
 */
record Batch(
    Job job,
    Engine.Calls calls,
    int firstIndex,
    long firstTask,
    int from,
    int to,
    Terms terms,
    int attempt,
    Load load,
    Nest nest) {

  /** A batch of all of {@code calls}. */
  static Batch of(Job job, Engine.Calls calls, int firstIndex, long firstTask, Terms terms) {
    var count = calls.offsets().length;
    var load = new Load(calls.message(), count);
    return new Batch(job, calls, firstIndex, firstTask, 0, count, terms, 1, load, Nest.NONE);
  }

  Batch part(int newFrom, int newTo) {
    return new Batch(job, calls, firstIndex, firstTask, newFrom, newTo, terms, attempt, load, nest);
  }

  /** The same calls, nested in this. */
  Batch in(Nest newNest) {
    return new Batch(job, calls, firstIndex, firstTask, from, to, terms, attempt, load, newNest);
  }

  /** The same calls, to be run once more. */
  Batch again() {
    return new Batch(job, calls, firstIndex, firstTask, from, to, terms, attempt + 1, load, nest);
  }

  /** The number, within the pool, of its first call. */
  long firstNumber() {
    return firstTask + from;
  }

  /** The number, within the job, of its first call. */
  int firstOwnIndex() {
    return firstIndex + from;
  }

  long priority() {
    return nest.rank() + job.priority();
  }

  int size() {
    return to - from;
  }

  /**
   * Whether a call of it is one of the calls {@code first} to {@code last} (inclusive) of {@code
   * job}.
   */
  @SuppressWarnings("ReferenceEquality") // the same job is meant, not an equal one
  boolean has(Job other, int first, int last) {
    return job == other && firstIndex + from <= last && firstIndex + to > first;
  }

  /**
   * Divides it into what lies within the calls {@code first} to {@code last} of its job, and the
   * rest.
   */
  void split(int first, int last, Collection<Batch> outside, Collection<Batch> inside) {
    var low = Math.max(from, first - firstIndex);
    var high = last >= firstIndex + to ? to : last - firstIndex + 1;
    if (from < low) {
      outside.add(part(from, low));
    }
    inside.add(part(low, high));
    if (high < to) {
      outside.add(part(high, to));
    }
  }

  /** Gives the memory back with the last call. */
  void settledOne() {
    load.settledOne();
    nest.endedOne();
  }
}
