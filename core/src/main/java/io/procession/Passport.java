package io.procession;

import io.procession.internal.codec.StandardCodec;
import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.shared.SharedQueue;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * By what a pool travels: whose it is, and where its owner takes requests. A process makes one pool
 * for it, however often it comes.
 */
final class Passport {

  /** The pools that were made here, or came here, by the number of the passport. */
  private static final Map<Long, WeakReference<WorkerPool>> KNOWN = new HashMap<>();

  private final long number;
  private final String name;
  private final int workers;
  private final ProcessIdentity owner;

  /** In the owner: opens for the first traveller. */
  private final @Nullable Office office;

  /** Elsewhere: where to ask. */
  private final @Nullable SharedQueue<PoolMessage.Request> requests;

  private Passport(
      long number,
      String name,
      int workers,
      ProcessIdentity owner,
      @Nullable Office office,
      @Nullable SharedQueue<PoolMessage.Request> requests) {
    this.number = number;
    this.name = name;
    this.workers = workers;
    this.owner = owner;
    this.office = office;
    this.requests = requests;
  }

  static Passport issue(String name, int workers, Office office) {
    var number = ThreadLocalRandom.current().nextLong();
    return new Passport(number, name, workers, Platform.current().self(), office, null);
  }

  String name() {
    return name;
  }

  int workers() {
    return workers;
  }

  /** The pool in this process, of which others may be views. */
  void of(WorkerPool pool) {
    synchronized (KNOWN) {
      KNOWN.put(number, new WeakReference<>(pool));
    }
  }

  /** The pool has terminated. */
  void revoke() {
    synchronized (KNOWN) {
      KNOWN.remove(number);
    }
    if (office != null) {
      office.close();
    }
  }

  /** This desk hears nothing any more: if its pool comes once more, it gets another one. */
  @SuppressWarnings("ReferenceEquality") // the same pool is meant
  static void forget(RemoteDesk desk) {
    synchronized (KNOWN) {
      KNOWN.values().removeIf(each -> each.get() == desk.pool());
    }
  }

  private SharedQueue<PoolMessage.Request> requests() {
    return office != null ? office.requests() : Objects.requireNonNull(requests);
  }

  void writeTo(Output output) {
    output.putLong(number);
    output.putLong(owner.pid());
    output.putLong(owner.start());
    output.putInt(workers);
    new StandardCodec().write(name, output);
    // As a value, so that its handle counts like any other.
    new StandardCodec().write(requests(), output);
  }

  /** Reads what {@link #writeTo} wrote. */
  @SuppressWarnings("unchecked") // what the owner writes
  static WorkerPool readFrom(Input input) throws IOException, ClassNotFoundException {
    var number = input.getLong();
    var owner = new ProcessIdentity(input.getLong(), input.getLong());
    var workers = input.getInt();
    var name = String.valueOf(new StandardCodec().read(input));
    var requests =
        (SharedQueue<PoolMessage.Request>) Objects.requireNonNull(new StandardCodec().read(input));
    synchronized (KNOWN) {
      KNOWN.values().removeIf(each -> each.get() == null);
      var known = KNOWN.get(number);
      var pool = known == null ? null : known.get();
      if (pool != null) {
        return pool;
      }
      if (owner.equals(Platform.current().self())) {
        throw new InvalidObjectException("the pool has terminated; pool=" + name);
      }
      var passport = new Passport(number, name, workers, owner, null, requests);
      var desk = new RemoteDesk(name, workers, owner, requests);
      var made = WorkerPool.of(desk, passport);
      desk.of(made);
      KNOWN.put(number, new WeakReference<>(made));
      return made;
    }
  }
}
