package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.RemoteException;
import io.procession.spi.Input;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ThrowableCodecTest {

  private static <T extends Throwable> T copy(Throwable throwable, Class<T> type)
      throws IOException {
    var output = new Messages.HeapOutput();
    output.putLong(7);
    ThrowableCodec.write(throwable, output);
    var input =
        new Input(
            MemorySegment.ofArray(output.toBytes()), ThrowableCodecTest.class.getClassLoader());
    assertThat(input.getLong()).isEqualTo(7);
    var copy = ThrowableCodec.read(input);
    assertThat(input.remaining()).isZero();
    assertThat(copy).isExactlyInstanceOf(type);
    assertThat(copy.getStackTrace()).isEqualTo(throwable.getStackTrace());
    return type.cast(copy);
  }

  private static String trace(Throwable throwable) {
    var text = new StringWriter();
    throwable.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void anExceptionArrivesAsItself() throws Exception {
    var original = new IllegalStateException("outer", new IOException("inner"));
    original.addSuppressed(new UncheckedIOException(new IOException("suppressed")));
    var copy = copy(original, IllegalStateException.class);
    assertThat(trace(copy)).isEqualTo(trace(original));
    assertThat(copy.getSuppressed()).hasSize(1);
  }

  @Test
  void aHelpfulMessageArrives() throws Exception {
    @SuppressWarnings("NullAway") // the null is the point
    int[] none = Cases.as(null);
    try {
      assertThat(none.length).isEqualTo(-1);
    } catch (NullPointerException e) {
      assertThat(copy(e, NullPointerException.class)).hasMessage(e.getMessage());
      var outer = new ExecutionException(e);
      assertThat(copy(outer, ExecutionException.class).getCause()).hasMessage(e.getMessage());
    }
  }

  /** Holds what cannot travel. */
  static final class Holding extends Exception {
    private static final long serialVersionUID = 1L;

    @SuppressWarnings({"serial", "unused"}) // it cannot be serialized: that is the point
    private final Object thread = Thread.currentThread();

    Holding(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  @Test
  void aStandInReadsLikeTheOriginal() throws Exception {
    var original = new Holding("held", new IllegalArgumentException("why"));
    original.addSuppressed(new IOException("too"));
    var copy = copy(original, RemoteException.class);
    assertThat(copy.className()).isEqualTo(Holding.class.getName());
    assertThat(copy).hasMessage("held").hasToString(original.toString());
    assertThat(copy.getCause()).isExactlyInstanceOf(IllegalArgumentException.class);
    assertThat(copy.getSuppressed()[0]).isExactlyInstanceOf(IOException.class);
    assertThat(trace(copy)).isEqualTo(trace(original));
  }

  @Test
  void aCauseThatCannotTravelCostsOnlyItself() throws Exception {
    var original = new ExecutionException(new Holding("held", null));
    var copy = copy(original, ExecutionException.class);
    assertThat(copy.getCause()).isExactlyInstanceOf(RemoteException.class).hasMessage("held");
    assertThat(trace(copy)).isEqualTo(trace(original));
  }

  @Test
  void aClassThatIsMissingHereGetsAStandIn() throws Exception {
    var output = new Messages.HeapOutput();
    ThrowableCodec.write(new RuntimeException("outer", new Holding2()), output);
    var stranger = new ClassLoader(null) {};
    var copy = ThrowableCodec.read(new Input(MemorySegment.ofArray(output.toBytes()), stranger));
    assertThat(copy).isExactlyInstanceOf(RuntimeException.class).hasMessage("outer");
    assertThat(copy.getCause()).isExactlyInstanceOf(RemoteException.class).hasMessage("second");
  }

  /** Travels, but not to a loader that does not know it. */
  public static final class Holding2 extends Exception {
    private static final long serialVersionUID = 1L;

    public Holding2() {
      super("second");
    }
  }

  @Test
  void cyclesOfCausesEnd() throws Exception {
    var one = new IllegalStateException("one");
    var two = new IllegalArgumentException("two", one);
    one.initCause(two);
    var copy = copy(one, IllegalStateException.class);
    assertThat(copy.getCause()).isExactlyInstanceOf(IllegalArgumentException.class);
    assertThat(copy.getCause()).hasCauseExactlyInstanceOf(IllegalStateException.class);
  }

  @Test
  void aLongChainOfCausesArrives() throws Exception {
    Exception chain = new IOException("0");
    for (var i = 1; i < 300; i++) {
      chain = new RuntimeException("" + i, chain);
    }
    var count = 0;
    for (Throwable at = copy(chain, RuntimeException.class); at != null; at = at.getCause()) {
      count++;
    }
    assertThat(count).isEqualTo(300);
  }

  /** Fails wherever it can. */
  @SuppressWarnings("OverrideThrowableToString") // it is hostile
  static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException();
    }

    @Override
    public synchronized @Nullable Throwable getCause() {
      throw new AssertionError();
    }

    @Override
    @SuppressWarnings("NullAway") // it is hostile
    public String toString() {
      return Cases.as(null);
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      return new StackTraceElement[] {Cases.as(null)};
    }

    private void writeObject(java.io.ObjectOutputStream out) {
      throw new StackOverflowError();
    }
  }

  @Test
  void aHostileExceptionHasAStandIn() throws Exception {
    var output = new Messages.HeapOutput();
    ThrowableCodec.write(new RuntimeException("outer", new Hostile()), output);
    var input =
        new Input(
            MemorySegment.ofArray(output.toBytes()), ThrowableCodecTest.class.getClassLoader());
    var copy = ThrowableCodec.read(input);
    assertThat(copy).hasMessage("outer");
    assertThat(copy.getCause()).isExactlyInstanceOf(RemoteException.class);
    assertThat("" + copy.getCause()).contains("Hostile");
  }

  /** {@code getCause} never ends. */
  static final class Endless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable getCause() {
      return new Endless();
    }
  }

  @Test
  void endlessCausesEnd() throws Exception {
    assertThat(copy(new Endless(), Endless.class)).isNotNull();
  }

  /** Has no stack trace, and cannot be given one. */
  static final class Light extends Exception {
    private static final long serialVersionUID = 1L;

    Light() {
      super("light", null, false, false);
    }
  }

  @Test
  void anExceptionWithoutStackTraceStaysSo() throws Exception {
    assertThat(copy(new Light(), Light.class)).hasMessage("light");
  }
}
