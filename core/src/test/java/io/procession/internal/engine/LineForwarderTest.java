package io.procession.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.internal.wire.OutputMark;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LineForwarderTest {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final List<String> lines = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void noThreadIsLeft() throws InterruptedException {
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("forwarder")) {
        assertThat(thread.join(LONG)).isTrue();
      }
    }
  }

  private LineForwarder forward(InputStream in, Charset charset) {
    return forward(in, charset, lines::add);
  }

  private static LineForwarder forward(InputStream in, Charset charset, Consumer<String> lines) {
    ChildLines.Sink sink =
        (_, line) -> {
          lines.accept(line);
          return line;
        };
    return LineForwarder.toSink("forwarder", in, charset, 3, false, sink);
  }

  private static InputStream bytes(String text, Charset charset) {
    return new ByteArrayInputStream(text.getBytes(charset));
  }

  @Test
  void passesEachLineAndTheIncompleteLastOne() throws Exception {
    var forwarder =
        forward(bytes("a\n\nb\r\nlast", StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    assertThat(forwarder.awaitEnd(LONG)).isTrue();
    assertThat(lines).containsExactly("a", "", "b\r", "last");
    assertThat(forwarder.tail()).containsExactly("", "b\r", "last");
    assertThat(forwarder.failure()).isNull();
  }

  @Test
  void decodesAsTheChildEncodes() throws Exception {
    var forwarder =
        forward(
            bytes("gr\u00fc\u00df\n", StandardCharsets.ISO_8859_1), StandardCharsets.ISO_8859_1);
    assertThat(forwarder.awaitEnd(LONG)).isTrue();
    assertThat(lines).containsExactly("gr\u00fc\u00df");
  }

  @Test
  void brokenBytesDoNotEndTheStream() throws Exception {
    var in = new ByteArrayInputStream(new byte[] {'a', (byte) 0xC3, '\n', 'b', '\n', (byte) 0xE2});
    assertThat(forward(in, StandardCharsets.UTF_8).awaitEnd(LONG)).isTrue();
    assertThat(lines).containsExactly("a\ufffd", "b", "\ufffd");
  }

  @Test
  void anEndlessLineIsPassedInPiecesAndNoCharacterIsTorn() throws Exception {
    // An odd number of bytes before two-byte characters: one of them lies across the limit.
    var text = "x" + "\u00fc".repeat(LineForwarder.MAX_LINE_BYTES);
    assertThat(forward(bytes(text, StandardCharsets.UTF_8), StandardCharsets.UTF_8).awaitEnd(LONG))
        .isTrue();
    assertThat(lines).hasSizeGreaterThan(1);
    assertThat(String.join("", lines)).isEqualTo(text);
  }

  @Test
  void aMarkIsNotTornByTheLimitOfALine() throws Exception {
    var mark = new OutputMark(false, Long.MAX_VALUE, Integer.MAX_VALUE).toLine(OutputMark.random());
    for (var before = 0; before <= mark.length(); before++) {
      lines.clear();
      var text = "x".repeat(LineForwarder.MAX_LINE_BYTES - before);
      var forwarder =
          forward(bytes(text + mark + "next\n", StandardCharsets.UTF_8), StandardCharsets.UTF_8);
      assertThat(forwarder.awaitEnd(LONG)).isTrue();
      assertThat(lines).anyMatch(line -> (line + "\n").endsWith(mark));
      assertThat(String.join("", lines)).isEqualTo(text + mark.strip() + "next");
    }
  }

  @Test
  void aLineIsPassedBeforeTheStreamEnds() throws Exception {
    var passed = new CountDownLatch(1);
    LineForwarder forwarder;
    try (var source = new PipedOutputStream()) {
      forwarder =
          forward(new PipedInputStream(source), StandardCharsets.UTF_8, line -> passed.countDown());
      source.write("now\npart".getBytes(StandardCharsets.UTF_8));
      source.flush();
      assertThat(passed.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(forwarder.awaitEnd(Duration.ZERO)).isFalse();
    }
    assertThat(forwarder.awaitEnd(LONG)).isTrue();
    assertThat(forwarder.tail()).containsExactly("now", "part");
  }

  @Test
  void aConsumerThatThrowsDoesNotStopTheChild() throws Exception {
    var forwarder =
        forward(
            bytes("a\nb\n", StandardCharsets.UTF_8),
            StandardCharsets.UTF_8,
            line -> {
              throw new IllegalStateException(line);
            });
    assertThat(forwarder.awaitEnd(LONG)).isTrue();
    assertThat(forwarder.failure()).hasMessage("a");
    assertThat(forwarder.tail()).containsExactly("a", "b");
  }

  @Test
  void linesOfSeveralChildrenAreNeverMixed() throws Exception {
    var bytes = new ByteArrayOutputStream();
    // Writes in small pieces, so that two writers at once would mix.
    var target =
        new PrintStream(bytes, false, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            for (char c : (line + "\n").toCharArray()) {
              print(c);
              Thread.onSpinWait();
            }
          }
        };
    var forwarders = new ArrayList<LineForwarder>();
    var expected = new ArrayList<String>();
    for (var letter : List.of("a", "b", "c")) {
      var text = letter.repeat(50) + "\n";
      forwarders.add(
          LineForwarder.toStream(
              "forwarder",
              bytes(text.repeat(100), StandardCharsets.UTF_8),
              StandardCharsets.UTF_8,
              3,
              () -> target));
      expected.addAll(Collections.nCopies(100, letter.repeat(50)));
    }
    for (var forwarder : forwarders) {
      assertThat(forwarder.awaitEnd(LONG)).isTrue();
    }
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void aGrandchildThatHoldsThePipeDoesNotBlockTheWait() throws Exception {
    var process =
        new ProcessBuilder("sh", "-c", "sleep 600 & echo $!; echo done >&2; exit 0").start();
    long grandchild;
    try (var out = process.inputReader()) {
      var errors = forward(process.getErrorStream(), StandardCharsets.UTF_8);
      grandchild = Long.parseLong(out.readLine());
      try {
        assertThat(process.waitFor()).isZero();
        // Bounded, whichever way it goes; and what the child itself wrote is there.
        errors.awaitEnd(Duration.ofMillis(100));
        while (errors.tail().isEmpty()) {
          Thread.onSpinWait();
        }
        assertThat(errors.tail()).containsExactly("done");
      } finally {
        ProcessHandle.of(grandchild).ifPresent(ProcessHandle::destroyForcibly);
      }
      assertThat(errors.awaitEnd(LONG)).isTrue();
    }
  }
}
