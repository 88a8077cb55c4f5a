package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.procession.NotTransferableException;
import io.procession.function.RemoteCallable;
import io.procession.function.RemoteFunction;
import io.procession.function.RemoteRunnable;
import java.io.Serializable;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What cannot travel is refused where it is written, with the way to the culprit. */
@SuppressWarnings("serial") // what the compiler warns of is what is tested
class RefusalTest {

  private static NotTransferableException refusal(Object value) {
    var refusal = catchThrowableOfType(NotTransferableException.class, () -> Messages.write(value));
    assertThat(refusal).as("refusal of %s", value).isNotNull();
    assertThat(refusal).hasMessageEndingWith("path=" + refusal.path());
    return refusal;
  }

  private static void assertRefused(Object value, String path, String... parts) {
    var refusal = refusal(value);
    assertThat(refusal.path()).isEqualTo(path);
    assertThat(refusal.getMessage()).contains(parts.length == 0 ? new String[] {path} : parts);
  }

  @Test
  void namesThePathThroughRecordsArraysAndLists() throws Exception {
    try (var socket = new Socket()) {
      assertRefused(
          new Samples.Boxed<>(new Object[] {1, List.of(2, new Samples.Boxed<>(socket))}),
          "Boxed.value[1][1].value: java.net.Socket",
          "a java.net.Socket cannot travel to another process",
          "make it where it is used");
    }
  }

  @Test
  void namesThePathThroughTheJdkLane() throws Exception {
    try (var socket = new Socket()) {
      var inner = new Samples.Node("inner", new ArrayList<>(Arrays.asList(null, socket)));
      var outer = new Samples.Node("outer", Map.of("key", inner));
      assertRefused(outer, "Node.extra[key].extra[1]: java.net.Socket");
      assertRefused(
          new Samples.Node("o", Optional.of(inner)), "Node.extra.value.extra[1]: java.net.Socket");
      assertRefused(
          Collections.unmodifiableList(new ArrayList<>(List.of(socket))),
          "UnmodifiableRandomAccessList[0]: java.net.Socket");
    }
  }

  @Test
  void namesTheCapturedVariableOfALambda() throws Exception {
    try (var socket = new Socket()) {
      var number = 5;
      RemoteCallable<Integer> function = () -> number + socket.getPort();
      assertRefused(function, "lambda.captured[1]: java.net.Socket");
      assertRefused(
          new Object[] {(RemoteRunnable) function::call},
          "Object[][0].captured[0].captured[1]: java.net.Socket");
    }
  }

  @Test
  void tellsWhichMethodWantsThis() {
    assertRefused(
        new Samples.Stateful().function(),
        "lambda.this: io.procession.internal.codec.Samples$Stateful",
        "has the field 'steps'",
        "make static what the lambda uses of it ('count')");
    assertRefused(
        new Samples.Stateful().reference(),
        "lambda.captured[0]: io.procession.internal.codec.Samples$Stateful",
        "make 'count' static");
  }

  @Test
  void tellsHowToPassAPlainLambda() {
    Runnable runnable = () -> {};
    Callable<Integer> callable = () -> 1;
    assertRefused(
        runnable,
        "lambda: lambda of type Runnable",
        "Runnable is not Serializable",
        "declare it as RemoteRunnable, or cast the lambda: (Runnable & Serializable)");
    assertRefused(
        new Samples.Node("a", callable),
        "Node.extra: lambda of type Callable",
        "declare it as RemoteCallable");
  }

  @Test
  void refusesWhatBelongsToTheProcess() {
    assertRefused(
        new CompletableFuture<>(),
        "CompletableFuture: java.util.concurrent.CompletableFuture",
        "make it where it is used");
    assertRefused(Thread.currentThread(), "Thread: java.lang.Thread");
    assertRefused(
        new AtomicReference<Object>(Runtime.getRuntime()),
        "AtomicReference.value: java.lang.Runtime");
  }

  @Test
  void refusesWhatTheReaderCouldNotConstruct() {
    assertRefused(
        List.of(new Samples.Orphan()),
        "ListN[0]: io.procession.internal.codec.Samples$Orphan".replace("ListN", "List12"),
        "its superclass io.procession.internal.codec.Samples$NeedsArgument is not",
        "without parameters");
    assertRefused(
        new Samples.NeedsArgument(1),
        "NeedsArgument: io.procession.internal.codec.Samples$NeedsArgument",
        "has the field 'number'",
        "implement Serializable, or make it a record");
  }

  @Test
  void refusesCyclesThroughWhatIsMadeAfterItsParts() {
    var list = new ArrayList<@Nullable Object>();
    var record = new Samples.Boxed<Object>(list);
    list.add(record);
    assertRefused(
        record,
        "Boxed: io.procession.internal.codec.Samples$Boxed",
        "a record io.procession.internal.codec.Samples$Boxed that contains itself");

    var box = new Object[1];
    RemoteCallable<Object> function = () -> box[0];
    box[0] = function;
    assertThat(refusal(function)).hasMessageContaining("that contains itself");
  }

  @Test
  void refusesCyclesThroughWhatTheJdkLaneCarries() {
    var node = new Samples.Node("inner", null);
    var record = new Samples.Boxed<Object>(node);
    node.extra = new ArrayList<Object>(List.of(1, record));
    assertThat(refusal(new Samples.Node("outer", record)))
        .hasMessageContaining("a record io.procession.internal.codec.Samples$Boxed that contains");

    var other = new Samples.Node("other", null);
    RemoteCallable<Object> function = () -> other;
    other.extra = function;
    assertThat(refusal(new Samples.Node("outer", function)))
        .hasMessageContaining("that contains itself");
  }

  @Test
  void namesWhatFailsInItsOwnCode() {
    var refusal = refusal(new Samples.Node("a", new Samples.Failing()));
    assertThat(refusal).hasMessageContaining("not today").hasRootCauseMessage("not today");
  }

  @Test
  void refusesMergedMethodReferences() {
    RemoteFunction<Integer, String> ofInteger = Object::toString;
    RemoteFunction<Long, String> ofLong = Object::toString;
    var refusals = 0;
    for (var function : List.of(ofInteger, ofLong)) {
      try {
        Messages.write(function);
      } catch (NotTransferableException e) {
        assertThat(e).hasMessageContaining("write a lambda instead");
        refusals++;
      }
    }
    assertThat(refusals).isEqualTo(1);
    assertThatThrownBy(() -> Messages.write(List.of(ofInteger, new Samples.Node("a", ofLong))))
        .isInstanceOf(NotTransferableException.class);
  }

  @Test
  void refusesTheClassOfALambda() {
    RemoteRunnable lambda = () -> {};
    assertThat(refusal(lambda.getClass())).hasMessageContaining("it has no name there");
  }

  @Test
  void leavesExceptionsOfTheOutputAlone() {
    class Full extends RuntimeException {}
    var output =
        new io.procession.spi.Output(java.lang.foreign.MemorySegment.ofArray(new byte[10])) {
          @Override
          protected java.lang.foreign.MemorySegment grow(
              java.lang.foreign.MemorySegment memory, long usedBytes, long neededBytes) {
            throw new Full();
          }
        };
    var codec = new StandardCodec();
    assertThatThrownBy(() -> codec.write(new Samples.Node("a".repeat(5000), null), output))
        .isInstanceOf(Full.class);
    assertThatThrownBy(() -> codec.write(new int[100], output)).isInstanceOf(Full.class);
  }

  @Test
  void refusesACollectionThatChanges() {
    var map = new HashMap<Object, Object>();
    class Changing implements Serializable {
      private Object writeReplace() {
        map.put(new Object(), 1);
        return "replaced";
      }
    }
    map.put(1, new Changing());
    map.put(2, 2);
    assertThat(refusal(map)).hasMessageContaining("changed while it was written");
  }
}
