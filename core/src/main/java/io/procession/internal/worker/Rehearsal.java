package io.procession.internal.worker;

import io.procession.function.RemoteRunnable;
import io.procession.internal.wire.AdoptionFrame;
import io.procession.spi.Codec;
import io.procession.spi.Input;
import io.procession.spi.Output;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * A first call that means nothing, made while nobody waits: what a JVM does only once it has then
 * done, and the first call of the user's finds it so. It touches no class of the user's.
 */
final class Rehearsal {

  private static final long BYTES = 16 << 10;
  private static final String ABSENT = "META-INF/procession/absent";

  private Rehearsal() {}

  static void run(Codec codec) {
    try (var arena = Arena.ofConfined()) {
      var loader = ClassLoader.getSystemClassLoader();
      var name = AdoptionFrame.encode("rehearsal");
      var frame = new AdoptionFrame(arena.allocate(AdoptionFrame.bytes(name)));
      frame.write(name, true);
      // A function that captures something, as most do.
      var number = frame.name().length();
      RemoteRunnable function =
          () -> {
            var _ = Objects.checkIndex(0, number);
          };
      var output = new Page(arena.allocate(BYTES, Long.BYTES));
      codec.write(function, output);
      var read = codec.read(new Input(output.memory.asSlice(0, output.position()), loader));
      ((RemoteRunnable) Objects.requireNonNull(read)).runRemote();
      // Opens every jar of the class path.
      var _ = loader.getResource(ABSENT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException("a rehearsal failed in a new child process", e);
    }
  }

  private static final class Page extends Output {

    private final MemorySegment memory;

    Page(MemorySegment memory) {
      super(memory);
      this.memory = memory;
    }

    @Override
    protected MemorySegment grow(MemorySegment full, long usedBytes, long neededBytes) {
      throw new IllegalStateException("a rehearsal needs little. bytes=" + neededBytes);
    }
  }
}
