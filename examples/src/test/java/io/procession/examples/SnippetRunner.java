package io.procession.examples;

import io.procession.ChildProcess;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;
import java.util.Objects;

/** Runs programs one after the other in one JVM, and marks where the output of each begins. */
final class SnippetRunner {

  /** Begins a line that has the name of the program whose output follows. */
  static final String BEGIN = "\u0001 begin ";

  /** Begins a line that has the simple name of the exception that the program ended with. */
  static final String FAILED = "\u0001 failed ";

  private SnippetRunner() {}

  static void main(String[] programs) throws Exception {
    for (var program : programs) {
      IO.println(BEGIN + program);
      run(program);
      // A program would wait for its children now, and end the daemons.
      for (var child : ChildProcess.activeChildren()) {
        if (child.isDaemon()) {
          child.kill();
        }
        child.join();
      }
      Thread.interrupted();
    }
    System.exit(0); // a program may have left a server behind
  }

  private static void run(String program) throws ReflectiveOperationException {
    var type = Class.forName(program);
    var main =
        Arrays.stream(type.getDeclaredMethods())
            .filter(method -> method.getName().equals("main"))
            .findAny()
            .orElseThrow();
    var constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    main.setAccessible(true);
    try {
      main.invoke(
          constructor.newInstance(),
          main.getParameterCount() == 0 ? new Object[0] : new Object[] {new String[0]});
    } catch (InvocationTargetException e) {
      var failure = Objects.requireNonNull(e.getCause());
      IO.println(FAILED + failure.getClass().getSimpleName());
      failure.printStackTrace();
    }
  }
}
