package io.procession.internal.codec;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A throwable with its causes and suppressed ones, each after those that it refers to; a cycle is
 * cut where it closes. Their own methods are asked once, and whatever they throw is put up with.
 */
final class ThrowableFamily {

  /** A {@code getCause} that makes a new exception at each call would never end. */
  private static final int MAX_MEMBERS = 1000;

  private static final int NONE = -1;

  private final ArrayList<Member> members = new ArrayList<>();
  private final IdentityHashMap<Throwable, Integer> finished = new IdentityHashMap<>();

  /**
   * @param cause number of the cause, or -1
   * @param suppressed numbers of the suppressed
   */
  record Member(
      Throwable throwable,
      @Nullable String message,
      String description,
      StackTraceElement[] frames,
      int cause,
      List<Integer> suppressed) {}

  private ThrowableFamily() {}

  static ThrowableFamily of(Throwable root) {
    var family = new ThrowableFamily();
    var open = new ArrayDeque<Open>();
    var entered = new IdentityHashMap<Throwable, Boolean>();
    open.push(new Open(root));
    entered.put(root, true);
    while (!open.isEmpty()) {
      var top = open.getFirst();
      var next = top.next < top.relatives.size() ? top.relatives.get(top.next++) : null;
      if (next == null) {
        open.pop();
        family.finish(top);
      } else if (entered.size() < MAX_MEMBERS && entered.put(next, true) == null) {
        open.push(new Open(next));
      }
    }
    return family;
  }

  List<Member> members() {
    return members;
  }

  /** The throwables that are written before {@code member}, with their numbers. */
  Map<Throwable, Integer> before(Member member) {
    var before = new IdentityHashMap<Throwable, Integer>();
    for (var i = 0; members.get(i) != member; i++) {
      before.put(members.get(i).throwable(), i);
    }
    return before;
  }

  private void finish(Open open) {
    var throwable = open.throwable;
    var cause = open.cause == null ? NONE : finished.getOrDefault(open.cause, NONE);
    var suppressed = new ArrayList<Integer>();
    for (var relative : open.suppressed) {
      var index = finished.getOrDefault(relative, NONE);
      if (index != NONE) {
        suppressed.add(index);
      }
    }
    finished.put(throwable, members.size());
    members.add(
        new Member(
            throwable,
            messageOf(throwable),
            descriptionOf(throwable),
            framesOf(throwable),
            cause,
            suppressed));
  }

  /** A throwable whose relatives are being visited. */
  private static final class Open {

    private final Throwable throwable;
    private final @Nullable Throwable cause;
    private final List<Throwable> suppressed = new ArrayList<>();
    private final List<Throwable> relatives = new ArrayList<>();
    private int next;

    Open(Throwable throwable) {
      this.throwable = throwable;
      this.cause = causeOf(throwable);
      if (cause != null) {
        relatives.add(cause);
      }
      for (var relative : throwable.getSuppressed()) {
        suppressed.add(relative);
      }
      relatives.addAll(suppressed);
    }
  }

  // the methods below call code of any class: nothing that it throws may hide the throwable itself

  private static @Nullable Throwable causeOf(Throwable throwable) {
    try {
      return throwable.getCause();
    } catch (Throwable e) {
      return null;
    }
  }

  private static @Nullable String messageOf(Throwable throwable) {
    try {
      return throwable.getMessage();
    } catch (Throwable e) {
      return "getMessage() failed: exception=" + e.getClass().getName();
    }
  }

  @SuppressWarnings("ConstantValue") // an override may well give null
  private static String descriptionOf(Throwable throwable) {
    var name = throwable.getClass().getName();
    try {
      @Nullable String description = throwable.toString();
      return description == null ? name : description;
    } catch (Throwable e) {
      return name + ": toString() failed: exception=" + e.getClass().getName();
    }
  }

  private static StackTraceElement[] framesOf(Throwable throwable) {
    try {
      return throwable.getStackTrace().clone();
    } catch (Throwable e) {
      return new StackTraceElement[0];
    }
  }
}
