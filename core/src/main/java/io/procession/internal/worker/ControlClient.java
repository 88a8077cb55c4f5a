package io.procession.internal.worker;

import io.procession.internal.call.Stacks;
import io.procession.internal.os.Doorbell;
import io.procession.internal.wire.ChannelLayout;
import io.procession.internal.wire.Control;
import io.procession.internal.wire.Link;
import io.procession.internal.wire.RingConsumer;
import io.procession.internal.wire.RingProducer;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The child's end of the control link: any thread asks; one thread of its own hears the answers.
 */
final class ControlClient {

  /** Hears what the parent says unasked. */
  interface Listener {
    void interrupt(long sequence, int index);

    void forgetCode(long code);

    void forgetSegment(long id);
  }

  private static final int EXIT_CODE = 1;

  private final Doorbell doorbell;
  private final Doorbell parent;
  private final Link link;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<Long, CompletableFuture<byte[]>> questions = new ConcurrentHashMap<>();
  private final Doorbell.Patience patience = new Doorbell.Patience();
  private volatile Listener listener = new Deaf();

  private ControlClient(ChannelLayout channel, Doorbell doorbell, Doorbell parent) {
    this.doorbell = doorbell;
    this.parent = parent;
    this.link =
        new Link(new RingProducer(channel.controlUp()), new RingConsumer(channel.controlDown()));
  }

  static ControlClient start(ChannelLayout channel, Doorbell doorbell, Doorbell parent) {
    var client = new ControlClient(channel, doorbell, parent);
    Thread.ofPlatform().daemon().name("procession-control").start(client::hearOrEnd);
    return client;
  }

  void listen(Listener newListener) {
    listener = newListener;
  }

  /**
   * Asks the parent and waits for its answer. An interrupt does not end the waiting, because a
   * class that was not loaded for an interrupt would be missing for ever; the flag stays set.
   *
   * @throws IOException if the parent refuses; the message is its own
   */
  byte[] ask(int kind, byte[] question) throws IOException {
    var number = numbers.incrementAndGet();
    var answer = new CompletableFuture<byte[]>();
    questions.put(number, answer);
    link.send(kind, number, question);
    parent.ring();
    Seam.at(Step.QUESTION_ASKED);
    try {
      return answer.join();
    } catch (CompletionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    } finally {
      questions.remove(number);
    }
  }

  void tell(int kind, byte[] message) {
    link.send(kind, 0, message);
    parent.ring();
  }

  /** Without this thread no question would ever be answered: the process ends with it. */
  private void hearOrEnd() {
    try {
      hear();
    } catch (Throwable failure) {
      System.err.println("this worker ends, because it cannot hear its parent: " + failure);
    } finally {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }

  private void hear() {
    while (true) {
      if (link.receive(this::received)) {
        link.pump();
        // It may wait for the room that this made.
        parent.ring();
      } else if (link.pump()) {
        doorbell.await(link::hasWork, Doorbell.SLICE_MILLIS * 1_000_000, 0);
      } else {
        var _ = doorbell.awaitPatiently(link::hasWork, patience, 0);
      }
    }
  }

  private void received(int kind, long number, byte[] message) {
    switch (kind) {
      case Control.ANSWER -> {
        Seam.at(Step.QUESTION_ANSWERED);
        var question = questions.get(number);
        if (question != null) {
          question.complete(message);
        }
      }
      case Control.REFUSAL -> {
        var question = questions.get(number);
        if (question != null) {
          question.completeExceptionally(
              new IOException(new String(message, StandardCharsets.UTF_8)));
        }
      }
      case Control.INTERRUPT -> {
        var content = ByteBuffer.wrap(message);
        listener.interrupt(content.getLong(), content.getInt());
      }
      case Control.DUMP -> answerStacks(number);
      case Control.FORGET_CODE -> listener.forgetCode(ByteBuffer.wrap(message).getLong());
      case Control.FORGET_SEGMENT -> listener.forgetSegment(ByteBuffer.wrap(message).getLong());
      default -> throw new IllegalStateException("an unknown control message. kind=" + kind);
    }
  }

  /** In this thread, which needs no other to answer: also where no thread can be started. */
  private void answerStacks(long number) {
    String text;
    try {
      text = Stacks.text();
    } catch (OutOfMemoryError e) {
      text = "the stacks need more memory than there is: " + e.getMessage();
    }
    link.send(Control.STACKS, number, text.getBytes(StandardCharsets.UTF_8));
    parent.ring();
  }

  /** Until somebody listens there is nothing to be told. */
  private static final class Deaf implements Listener {
    @Override
    public void interrupt(long sequence, int index) {}

    @Override
    public void forgetCode(long code) {}

    @Override
    public void forgetSegment(long id) {}
  }
}
