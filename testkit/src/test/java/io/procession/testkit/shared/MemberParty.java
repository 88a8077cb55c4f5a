package io.procession.testkit.shared;

import io.procession.function.RemoteCallable;
import io.procession.internal.codec.StandardCodec;
import io.procession.internal.family.Family;
import io.procession.spi.Input;
import io.procession.spi.Output;
import io.procession.testkit.contract.Party;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A second membership of this process, with a mapping of its own. */
final class MemberParty implements Party {

  private static final StandardCodec CODEC = new StandardCodec();

  private final Family home = Family.enter();
  private final Family member;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  MemberParty() {
    try {
      member = Family.join(home.handle());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public <T extends @Nullable Object> Future<T> begin(RemoteCallable<T> work) {
    var bytes = new Bytes();
    CODEC.write(work, bytes);
    return thread.submit(() -> member.act(() -> MemberParty.<T>read(bytes.written()).call()));
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // as it went in
  private static <T extends @Nullable Object> RemoteCallable<T> read(MemorySegment bytes)
      throws IOException, ClassNotFoundException {
    var input = new Input(bytes, MemberParty.class.getClassLoader());
    return (RemoteCallable<T>) CODEC.read(input);
  }

  private static final class Bytes extends Output {
    Bytes() {
      super(MemorySegment.ofArray(new byte[1024]));
    }

    @Override
    protected MemorySegment grow(MemorySegment memory, long usedBytes, long neededBytes) {
      var larger = MemorySegment.ofArray(new byte[Math.toIntExact(2 * neededBytes)]);
      MemorySegment.copy(memory, 0, larger, 0, usedBytes);
      return larger;
    }
  }

  @Override
  public void kill() {
    member.kill();
    home.buryTheDead();
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("a party still works");
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted while a party ends", e);
    }
    member.close();
    home.leave();
  }
}
