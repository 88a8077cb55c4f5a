package io.procession;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls that wait for a worker: those of a higher priority first, and within one priority in
 * the order in which they were submitted. Guarded by the ledger's lock.
 */
final class WaitingLine {

  /** Those of priority 0, which are all of them in most pools. */
  private final ArrayDeque<Batch> ordinary = new ArrayDeque<>();

  /** Those of other priorities, the highest first; no line in it is empty. */
  private final TreeMap<Long, ArrayDeque<Batch>> others = new TreeMap<>(Comparator.reverseOrder());

  private boolean isRanked;
  private long calls;

  /** How many batches wait for which a worker may come to wait. */
  private int nested;

  boolean isEmpty() {
    return ordinary.isEmpty() && others.isEmpty();
  }

  /** How many calls wait. */
  long calls() {
    return calls;
  }

  /** Whether there are any for which a worker may come to wait. */
  boolean hasNested() {
    return nested > 0;
  }

  /** Whether there ever was more than one priority. */
  boolean isRanked() {
    return isRanked;
  }

  /** The next in turn; null if nothing waits. */
  @Nullable Batch first() {
    return firstLine().peekFirst();
  }

  Batch removeFirst() {
    var line = firstLine();
    var first = line.pollFirst();
    if (first == null) {
      throw new NoSuchElementException("nothing waits");
    }
    count(first, -1);
    dropIfEmpty(first.priority(), line);
    return first;
  }

  private ArrayDeque<Batch> firstLine() {
    var highest = others.firstEntry();
    return highest == null || (highest.getKey() < 0 && !ordinary.isEmpty())
        ? ordinary
        : highest.getValue();
  }

  private ArrayDeque<Batch> line(long priority) {
    if (priority == 0) {
      return ordinary;
    }
    isRanked = true;
    return others.computeIfAbsent(priority, _ -> new ArrayDeque<>());
  }

  private void dropIfEmpty(long priority, ArrayDeque<Batch> line) {
    if (priority != 0 && line.isEmpty()) {
      others.remove(priority);
    }
  }

  /** Takes a batch, behind all others of its priority. */
  void addLast(Batch batch) {
    line(batch.priority()).addLast(batch);
    count(batch, 1);
  }

  private void count(Batch batch, int sign) {
    calls += (long) sign * batch.size();
    nested += batch.nest().mayBeUrged() ? sign : 0;
  }

  /** Lets those go first for which a worker has come to wait. */
  void urge() {
    for (var batch : takeAll()) {
      if (batch.nest().isToUrge()) {
        batch.nest().urge();
      }
      addLast(batch);
    }
  }

  /** Takes a batch that waited before, in its old place. */
  void putBack(Batch batch) {
    var line = line(batch.priority());
    var earlier = new ArrayDeque<Batch>();
    while (!line.isEmpty() && line.getFirst().firstNumber() < batch.firstNumber()) {
      earlier.push(line.removeFirst());
    }
    line.addFirst(batch);
    count(batch, 1);
    while (!earlier.isEmpty()) {
      line.addFirst(earlier.pop());
    }
  }

  /** Takes the calls {@code first} to {@code last} (inclusive) of {@code job} out. */
  List<Batch> takeOut(Job job, int first, int last) {
    var taken = new ArrayList<Batch>();
    for (var batch : takeAll()) {
      if (batch.has(job, first, last)) {
        var kept = new ArrayList<Batch>();
        batch.split(first, last, kept, taken);
        kept.forEach(this::addLast);
      } else {
        addLast(batch);
      }
    }
    return taken;
  }

  /**
   * Takes out what has a deadline that is over.
   *
   * @return how long it is until the next deadline
   */
  long takeOutExpired(long nowNanos, List<Batch> late) {
    var next = untilExpired(ordinary, nowNanos);
    for (var line : others.values()) {
      next = Math.min(next, untilExpired(line, nowNanos));
    }
    if (next > 0) {
      return next;
    }
    next = Watch.NEVER;
    for (var batch : takeAll()) {
      var left = batch.terms().untilExpired(nowNanos);
      if (left <= 0) {
        late.add(batch);
      } else {
        addLast(batch);
        next = Math.min(next, left);
      }
    }
    return next;
  }

  private static long untilExpired(ArrayDeque<Batch> line, long nowNanos) {
    var next = Watch.NEVER;
    for (var batch : line) {
      next = Math.min(next, batch.terms().untilExpired(nowNanos));
    }
    return next;
  }

  /** Takes everything out, in the order in which it would have been run. */
  List<Batch> takeAll() {
    var all = new ArrayList<Batch>();
    while (!isEmpty()) {
      all.add(removeFirst());
    }
    return all;
  }
}
