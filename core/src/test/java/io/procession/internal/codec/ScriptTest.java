package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions of a {@code java File.java} script, and of a JShell session. */
class ScriptTest {

  @TempDir Path directory;

  @Test
  void theMethodsOfAScriptTravel() throws Exception {
    var script = directory.resolve("Squares.java");
    Files.writeString(
        script,
        """
        import io.procession.function.RemoteFunction;
        import io.procession.internal.codec.Travel;

        int square(int n) { return n * n; }

        record Pair(int a, int b) {}

        void main() throws Exception {
          RemoteFunction<Integer, Integer> lambda = n -> square(n) + 1;
          IO.println("lambda=" + Travel.travel(lambda, "Squares").apply(3));
          RemoteFunction<Integer, Integer> reference = this::square;
          IO.println("reference=" + Travel.travel(reference, "Squares").apply(4));
          RemoteFunction<Integer, Object> pair = n -> new Pair(n, square(n));
          Object copy = Travel.travel(pair, "Squares").apply(5);
          IO.println("pair=" + copy + " " + (copy instanceof Pair));
        }
        """);
    var output =
        OtherJvm.run(
            directory,
            List.of(OtherJvm.java().toString(), "-cp", OtherJvm.classPath(), script.toString()));
    assertThat(output.lines())
        .containsExactly("lambda=10", "reference=16", "pair=Pair[a=5, b=25] false");
  }

  @Test
  void theVariablesThatALambdaMentionsTravelFromJShell() throws Exception {
    var script = directory.resolve("session.jsh");
    Files.writeString(
        script,
        """
        import io.procession.function.RemoteFunction;
        import io.procession.internal.codec.Travel;
        int base = 10;
        List<String> words = new ArrayList<>(List.of("a", "b"));
        Thread cannotTravel = Thread.currentThread();
        int add(int n) { return n + base; }
        class Counter { int count(int n) { return add(n) + words.size(); } }
        RemoteFunction<Integer, Integer> lambda = n -> new Counter().count(n);
        RemoteFunction<Integer, Integer> outer = n -> lambda.apply(n) * 2;
        RemoteFunction<Integer, Integer> reference = n -> 0;
        reference = this_is(1);
        RemoteFunction<Integer, Integer> this_is(int x) { return n -> Stream.of(n).map(m -> add(m)).findFirst().get() + x; }
        reference = this_is(1);
        RemoteFunction<Integer, Integer> fibonacci = null;
        fibonacci = n -> n < 2 ? n : fibonacci.apply(n - 1) + fibonacci.apply(n - 2);
        System.out.println("lambda=" + Travel.travel(lambda, "REPL.").apply(1));
        System.out.println("outer=" + Travel.travel(outer, "REPL.").apply(1));
        System.out.println("nested=" + Travel.travel(reference, "REPL.").apply(1));
        System.out.println("recursive=" + Travel.travel(fibonacci, "REPL.").apply(10));
        RemoteFunction<Integer, Integer> bad = n -> cannotTravel.hashCode();
        try { Travel.travel(bad, "REPL."); } catch (RuntimeException e) { System.out.println(e.getMessage()); }
        /exit
        """);
    var jshell = OtherJvm.java().resolveSibling("jshell");
    assertThat(jshell).exists();
    var output =
        OtherJvm.run(
            directory,
            List.of(
                jshell.toString(),
                "-s",
                "--execution",
                "local",
                "--class-path",
                OtherJvm.classPath(),
                "DEFAULT",
                script.toString()));
    assertThat(output)
        .contains("lambda=13\n")
        .contains("outer=26\n")
        .contains("nested=12\n")
        .contains("recursive=55\n")
        .contains("path=lambda.cannotTravel: java.lang.Thread");
  }
}
