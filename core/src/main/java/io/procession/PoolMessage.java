package io.procession;

import io.procession.shared.SharedQueue;
import java.io.Serializable;
import java.util.List;

/** What a process that has a travelled pool and the pool's owner say to each other. */
@SuppressWarnings("ArrayRecordComponent") // sent once, never compared
sealed interface PoolMessage extends Serializable {

  /** To the owner, from a client that gave itself a number. */
  sealed interface Request extends PoolMessage {
    long client();
  }

  /**
   * The first word.
   *
   * @param worker whether it is a worker of this or another pool
   * @param child whether the owner is its parent, whose class loaders it knows by number
   * @param start when it started, as the platform tells it
   * @param ancestors the process ids of its ancestors, its parent first
   */
  record Join(
      long client,
      String name,
      boolean worker,
      boolean child,
      long pid,
      long start,
      List<Long> ancestors,
      SharedQueue<Reply> replies)
      implements Request {}

  /** A function that many calls will share. */
  record Function(long client, long code, int loader, byte[] bytes) implements Request {}

  /** The function will not be used again. */
  record Forget(long client, long code) implements Request {}

  /**
   * Calls.
   *
   * @param code their function, or 0
   * @param offsets where in {@code bytes} each argument starts
   * @param terms encoded, for they may need the loader, too; their deadline counts from when they
   *     arrive
   */
  record Submit(
      long client,
      long sequence,
      long code,
      int loader,
      byte[] bytes,
      long[] offsets,
      byte[] terms,
      long priority)
      implements Request {}

  /** The calls {@code first} to {@code last} of what was submitted are not wanted any more. */
  record Drop(long client, long sequence, int first, int last, boolean interrupt)
      implements Request {}

  /** Something that is answered under the same number. */
  record Ask(long client, long number, Question question, long nanos) implements Request {}

  enum Question {
    WORKERS,
    STACKS,
    IS_SHUTDOWN,
    IS_TERMINATED,
    AWAIT_TERMINATION
  }

  /** From the owner. */
  sealed interface Reply extends PoolMessage {}

  /** Several of them, in their order. */
  record Replies(List<Reply> all) implements Reply {}

  /**
   * A call ended in a worker.
   *
   * @param task its number within the pool
   */
  record Ended(
      long sequence, int index, long task, boolean failed, byte[] bytes, String worker, long pid)
      implements Reply {}

  /**
   * A call did not end in a worker: why, encoded.
   *
   * @param task its number within the pool; 0 if it got none
   */
  record Failed(long sequence, int index, long task, byte[] failure) implements Reply {}

  /** A call that failed will be run again. */
  record Retried(long sequence, int index) implements Reply {}

  /** How long calls took. */
  record Took(long sequence, int calls, long nanos) implements Reply {}

  /** The answer to a question: a list of infos or stacks, or a {@code Boolean}. */
  record Answer(long number, Object value) implements Reply {}

  /** A question cannot be answered: why, encoded. */
  record Unanswered(long number, byte[] failure) implements Reply {}

  /** The pool has terminated; nothing follows. */
  record Over() implements Reply {}
}
