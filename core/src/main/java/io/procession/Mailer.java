package io.procession;

import io.procession.shared.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Sends replies to one process, in their order, from a thread of its own: whoever has one to send
 * does not wait for the memory that they go through. Instead of one that cannot travel it sends
 * why; if even that fails, it closes the queue, and so tells the process that nothing more comes.
 */
final class Mailer {

  private static final int MOST_AT_ONCE = 256;

  private final SharedQueue<PoolMessage.Reply> target;
  private final LinkedBlockingQueue<Object> outgoing = new LinkedBlockingQueue<>();
  private volatile boolean ended;
  private static final Object END = new Object();

  Mailer(String name, SharedQueue<PoolMessage.Reply> target) {
    this.target = target;
    Thread.ofVirtual().name(name).start(this::run);
  }

  void send(PoolMessage.Reply reply) {
    if (!ended) {
      outgoing.add(reply);
    }
  }

  /** Ends it behind what was sent. */
  void close() {
    outgoing.add(END);
  }

  private void run() {
    try (target) {
      var batch = new ArrayList<Object>();
      while (!batch.contains(END)) {
        batch.clear();
        batch.add(outgoing.take());
        outgoing.drainTo(batch, MOST_AT_ONCE);
        put(
            batch.stream()
                .takeWhile(each -> !each.equals(END))
                .map(PoolMessage.Reply.class::cast)
                .toList());
      }
    } catch (QueueClosedException _) {
      // The process has stopped listening; if it died, the office finds that out.
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    } finally {
      ended = true;
      outgoing.clear();
    }
  }

  private void put(List<PoolMessage.Reply> replies) throws InterruptedException {
    if (replies.size() > 1) {
      try {
        target.put(new PoolMessage.Replies(replies));
        return;
      } catch (QueueClosedException e) {
        throw e;
      } catch (RuntimeException | OutOfMemoryError _) {
        // Most of them can travel by themselves, and the others say then why not.
      }
    }
    for (var reply : replies) {
      putOne(reply);
    }
  }

  private void putOne(PoolMessage.Reply reply) throws InterruptedException {
    try {
      target.put(reply);
    } catch (QueueClosedException e) {
      throw e;
    } catch (RuntimeException | OutOfMemoryError e) {
      switch (reply) {
        case PoolMessage.Ended(var sequence, var index, var task, _, _, _, _) ->
            target.put(new PoolMessage.Failed(sequence, index, task, NestedJob.encoded(e)));
        case PoolMessage.Failed(var sequence, var index, var task, _) ->
            target.put(new PoolMessage.Failed(sequence, index, task, NestedJob.encoded(e)));
        case PoolMessage.Answer(var number, _) ->
            target.put(new PoolMessage.Unanswered(number, NestedJob.encoded(e)));
        default -> throw e;
      }
    }
  }
}
