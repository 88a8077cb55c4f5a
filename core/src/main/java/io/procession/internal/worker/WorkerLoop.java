package io.procession.internal.worker;

import io.procession.internal.call.Running;
import io.procession.internal.codec.StandardCodec;
import io.procession.internal.codec.ThrowableCodec;
import io.procession.internal.os.Doorbell;
import io.procession.internal.wire.AdoptionFrame;
import io.procession.internal.wire.Birth;
import io.procession.internal.wire.CallsFrame;
import io.procession.internal.wire.ChannelLayout;
import io.procession.internal.wire.CodeFrame;
import io.procession.internal.wire.Control;
import io.procession.internal.wire.ElsewhereFrame;
import io.procession.internal.wire.Request;
import io.procession.internal.wire.ResultFrame;
import io.procession.internal.wire.RingConsumer;
import io.procession.internal.wire.RingProducer;
import io.procession.internal.wire.Seam;
import io.procession.internal.wire.Step;
import io.procession.spi.Codec;
import io.procession.spi.Input;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests, runs their calls one after the other, and publishes each result before the next
 * call.
 */
final class WorkerLoop implements ControlClient.Listener {

  /** Several round trips: a caller that comes again at once finds this thread awake. */
  private static final long SPIN_NANOS = 50_000;

  /** How long results may lie in the ring before the parent is told. */
  private static final long TELL_NANOS = 200_000;

  private static final long FULL_PARK_NANOS = 50_000;

  /** Room for a result in the ring; a larger one gets a segment. */
  private static final long ROOM_BYTES = 48 << 10;

  private final RingConsumer requests;
  private final RingProducer responses;
  private final Doorbell doorbell;
  private final Doorbell parent;
  private final Codec codec = new StandardCodec();
  private final Attachments attachments;
  private final Functions functions;
  private final RemoteLoaders loaders;
  private final Running running = new Running(Thread.currentThread(), false);
  private final MemoryEnd memoryEnd;
  private final @Nullable OutputMarks marks = OutputMarks.ofThisProcess();
  private long toldNanos = System.nanoTime();
  private boolean untold;
  private boolean hasRehearsed;
  private final Doorbell.Patience patience = new Doorbell.Patience();

  WorkerLoop(ChannelLayout channel, Doorbell doorbell, Doorbell parent, ControlClient control) {
    this.requests = new RingConsumer(channel.requests());
    this.responses = new RingProducer(channel.responses());
    this.doorbell = doorbell;
    this.parent = parent;
    this.memoryEnd = new MemoryEnd(channel);
    this.attachments = new Attachments(control);
    this.loaders =
        new RemoteLoaders(
            ClassLoader.getSystemClassLoader(), request -> control.ask(Control.CLASSES, request));
    this.functions = new Functions(codec, loaders, attachments);
    control.listen(this);
  }

  /** Serves until the parent lets this worker go. */
  void serve() throws IOException {
    while (true) {
      var request = next();
      Seam.at(Step.REQUEST_READ);
      switch (request.kind()) {
        case Request.CODE -> {
          functions.define(new CodeFrame(request.payload()));
          Seam.at(Step.FUNCTION_DEFINED);
        }
        case Request.CALLS -> run(new CallsFrame(request.payload()));
        case Request.RETIRE -> {
          Seam.at(Step.CHILD_RETIRED);
          return;
        }
        default ->
            throw new IOException("the parent sent an unknown request. kind=" + request.kind());
      }
      requests.release();
      Seam.at(Step.REQUEST_RELEASED);
    }
  }

  /** Runs the one call for which this process was made; what it throws, this throws. */
  void runOne() throws Throwable {
    var request = next();
    if (request.kind() == Request.ADOPTION) {
      var adoption = new AdoptionFrame(request.payload());
      Birth.adopt(adoption.name(), adoption.daemon());
      Thread.currentThread().setName(adoption.name());
      requests.release();
      request = next();
    }
    var frame = new CallsFrame(request.payload());
    frame.claimNext();
    var loader = loaders.loader(frame.loader());
    Thread.currentThread().setContextClassLoader(loader);
    var arguments = functions.bytes(frame.place(), frame.body());
    var callable = codec.read(new Input(arguments, loader));
    requests.release();
    Birth.booted();
    functions.call(0, callable);
  }

  private RingConsumer.Message next() {
    while (true) {
      var request = requests.peek();
      if (request != null) {
        return request;
      }
      if (!await() && !hasRehearsed) {
        hasRehearsed = true;
        Rehearsal.run(codec);
      }
      // An interrupt that came too late for its call must not keep this thread from sleeping.
      Thread.interrupted();
    }
  }

  private boolean await() {
    return doorbell.awaitPatiently(() -> !requests.isEmpty(), patience, SPIN_NANOS);
  }

  private void run(CallsFrame frame) throws IOException {
    var startNanos = System.nanoTime();
    var loader = loaders.loader(frame.loader());
    Thread.currentThread().setContextClassLoader(loader);
    var sequence = frame.sequence();
    var first = frame.first();
    var count = frame.count();
    MemorySegment arguments = null;
    var offset = 0L;
    frame.stamp(startNanos);
    for (var index = frame.claimNext(); index >= 0; index = frame.claimNext()) {
      Seam.at(Step.CALL_STARTED);
      var number = index - first;
      Object result = null;
      Throwable failure = null;
      if (marks != null) {
        marks.begin(sequence, index);
      }
      running.begin(sequence, index);
      try {
        if (arguments == null) {
          // Not before a call is claimed: where all were taken back, their memory may be gone.
          arguments = functions.bytes(frame.place(), frame.body());
        }
        var length = number < count - 1 ? frame.length(number) : arguments.byteSize() - offset;
        var argument = codec.read(new Input(arguments.asSlice(offset, length), loader));
        Birth.booted();
        result = functions.call(frame.code(), argument);
      } catch (Throwable thrown) {
        failure = thrown;
      } finally {
        running.end();
        if (marks != null) {
          marks.end(sequence, index);
        }
      }
      memoryEnd.endIfOutOfMemory(failure);
      offset += number < count - 1 ? frame.length(number) : 0;
      Seam.at(Step.CALL_ENDED);
      publish(frame, sequence, index, result, failure, startNanos);
    }
    if (untold) {
      tellParent(System.nanoTime());
    }
  }

  private void publish(
      CallsFrame frame,
      long sequence,
      int index,
      @Nullable Object result,
      @Nullable Throwable failure,
      long startNanos) {
    var record = room();
    Seam.at(Step.RESULT_CLAIMED);
    var output = new ResultOutput(attachments, record.asSlice(ResultFrame.HEAD_BYTES));
    var failed = failure != null;
    try {
      if (failure != null) {
        ThrowableCodec.write(failure, output);
      } else {
        codec.write(result, output);
      }
    } catch (Throwable unsendable) {
      memoryEnd.endIfOutOfMemory(unsendable);
      // The result cannot travel: that is how the call ends.
      output.discard();
      output = new ResultOutput(attachments, record.asSlice(ResultFrame.HEAD_BYTES));
      ThrowableCodec.write(unsendable, output);
      failed = true;
    }
    var flags = failed ? ResultFrame.FAILED : 0;
    var lease = output.lease();
    if (lease == null) {
      responses.trim(ResultFrame.HEAD_BYTES + output.position());
    } else {
      flags |= ResultFrame.ELSEWHERE;
      var place = new ElsewhereFrame(lease.handle().id(), 0, output.position(), new byte[0]);
      place.write(record.asSlice(ResultFrame.HEAD_BYTES));
      responses.trim(ResultFrame.HEAD_BYTES + place.bytes());
    }
    var now = System.nanoTime();
    frame.stamp(now);
    var isLast = index + 1 >= frame.end();
    new ResultFrame(record)
        .write(sequence, index, flags, isLast ? Math.max(1, now - startNanos) : 0);
    output.depart();
    Seam.at(Step.RESULT_WRITTEN);
    responses.publish();
    Seam.at(Step.RESULT_PUBLISHED);
    untold = true;
    if (now - toldNanos > TELL_NANOS) {
      tellParent(now);
    }
  }

  private MemorySegment room() {
    while (true) {
      var record = responses.claim(0, ResultFrame.HEAD_BYTES + ROOM_BYTES);
      if (record != null) {
        return record;
      }
      tellParent(System.nanoTime());
      LockSupport.parkNanos(this, FULL_PARK_NANOS);
    }
  }

  private void tellParent(long nowNanos) {
    untold = false;
    toldNanos = nowNanos;
    parent.ring();
    Seam.at(Step.PARENT_TOLD);
  }

  // From the control thread

  @Override
  public void interrupt(long sequence, int index) {
    running.interrupt(sequence, index);
  }

  @Override
  public void forgetCode(long code) {
    functions.forget(code);
  }

  @Override
  public void forgetSegment(long id) {
    try {
      attachments.forget(id);
    } catch (IOException e) {
      throw new UncheckedIOException("a segment could not be unmapped. id=" + id, e);
    }
  }
}
