package io.procession;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Calls that failed and may be run again: either it is being found out whether they are, or they
 * wait until they are. Guarded by the ledger's lock.
 */
final class Aside {

  /** One call. */
  static final class Call {

    private Batch batch;
    private long dueNanos;
    private boolean isDue;
    private boolean isClaimed;

    private Call(Batch batch) {
      this.batch = batch;
    }

    Batch batch() {
      return batch;
    }
  }

  private final Set<Call> calls = new LinkedHashSet<>();

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /** Sets a call aside while it is found out whether it is run again. */
  Call add(Batch one) {
    var call = new Call(one);
    calls.add(call);
    return call;
  }

  /** The call is run, in a new attempt, at this time; false if it was taken out. */
  boolean schedule(Call call, Batch again, long nanos) {
    if (!calls.contains(call) || call.isClaimed) {
      return false;
    }
    call.batch = again;
    call.dueNanos = nanos;
    call.isDue = true;
    return true;
  }

  /** The call is not run again, and is about to be told so; false if it was taken out. */
  boolean claim(Call call) {
    if (!calls.contains(call) || call.isClaimed) {
      return false;
    }
    call.isClaimed = true;
    return true;
  }

  void remove(Call call) {
    calls.remove(call);
  }

  /** Takes the calls out whose time has come. */
  Collection<Batch> takeDue(long nowNanos) {
    var due = new ArrayList<Batch>();
    calls.removeIf(call -> {
      var isDue = call.isDue && nowNanos - call.dueNanos >= 0;
      if (isDue) {
        due.add(call.batch);
      }
      return isDue;
    });
    return due;
  }

  /** Takes calls out that will not be run again, whatever else was about to be decided. */
  Collection<Batch> takeOut(Predicate<Batch> which) {
    var taken = new ArrayList<Batch>();
    calls.removeIf(call -> {
      var isTaken = !call.isClaimed && which.test(call.batch);
      if (isTaken) {
        taken.add(call.batch);
      }
      return isTaken;
    });
    return taken;
  }

  /** How long it is until something is due. */
  long untilDue(long nowNanos) {
    var next = Watch.NEVER;
    for (var call : calls) {
      if (call.isDue) {
        next = Math.min(next, call.dueNanos - nowNanos);
      }
    }
    return next;
  }

  /** How long it is until a deadline of a call is over; of those that are told it is nothing. */
  long untilExpired(long nowNanos) {
    var next = Watch.NEVER;
    for (var call : calls) {
      if (!call.isClaimed) {
        next = Math.min(next, call.batch.terms().untilExpired(nowNanos));
      }
    }
    return next;
  }
}
