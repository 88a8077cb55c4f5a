package io.procession;

import io.procession.shared.SharedQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Sends replies to one process, in their order, from a thread of its own: whoever has one to send
 * does not wait for the memory that they go through.
 */
final class Mailer {

  private static final int MOST_AT_ONCE = 256;

  private final SharedQueue<PoolMessage.Reply> target;
  private final LinkedBlockingQueue<Object> outgoing = new LinkedBlockingQueue<>();
  private static final Object END = new Object();

  Mailer(String name, SharedQueue<PoolMessage.Reply> target) {
    this.target = target;
    Thread.ofVirtual().name(name).start(this::run);
  }

  void send(PoolMessage.Reply reply) {
    outgoing.add(reply);
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
        List<PoolMessage.Reply> replies =
            batch.stream()
                .takeWhile(each -> !each.equals(END))
                .map(PoolMessage.Reply.class::cast)
                .toList();
        if (replies.size() == 1) {
          target.put(replies.getFirst());
        } else if (!replies.isEmpty()) {
          target.put(new PoolMessage.Replies(replies));
        }
      }
    } catch (InterruptedException e) {
      throw new AssertionError("nobody interrupts this thread", e);
    }
  }
}
