package io.procession.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Runs a script or class in a JVM of its own, and ends with its exit code.
 *
 * <p>Where there is a POSIX shell the launcher {@code procession} does the same without a JVM in
 * between; a test compares the two command lines.
 */
@Command(
    name = "run",
    description = "Runs a Java source file, or a class, with Procession on its module path.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-cp", "--class-path", "-classpath"},
      paramLabel = "<path>",
      description = "The program's own class path.")
  private String classPath = "";

  @Option(
      names = "-J",
      paramLabel = "<option>",
      description = "An option for the program's JVM, such as -J-Xmx1g; may be repeated.")
  private List<String> jvmOptions = new ArrayList<>();

  @Option(
      names = "--print-command",
      description = "Prints the command, an argument a line, and runs nothing.")
  private boolean printCommand;

  @Parameters(
      index = "0",
      paramLabel = "<Script.java|class>",
      description = "The source file, or the name of the class.")
  private String program = "";

  @Parameters(index = "1..*", paramLabel = "<argument>", description = "The program's arguments.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    var command = command(LibraryLocation.find());
    if (printCommand) {
      command.forEach(spec.commandLine().getOut()::println);
      return 0;
    }
    var process = new ProcessBuilder(command).inheritIO().start();
    // Ctrl-C reaches the program by itself; it is given the time to end. A signal to this JVM alone
    // is passed on.
    var passOn =
        new Thread(() -> {
          process.destroy();
          process.onExit().join();
        });
    Runtime.getRuntime().addShutdownHook(passOn);
    return process.waitFor();
  }

  private List<String> command(List<String> libraryOptions) {
    var command = new ArrayList<String>();
    command.add(LibraryLocation.java().toString());
    command.addAll(libraryOptions);
    if (!classPath.isEmpty()) {
      command.addAll(List.of("-cp", classPath));
    }
    command.addAll(jvmOptions);
    if (Files.isRegularFile(Path.of(program))) {
      if (!program.endsWith(".java")) {
        command.addAll(List.of("--source", Integer.toString(Runtime.version().feature())));
      }
    } else if (program.endsWith(".java") || program.contains("/")) {
      throw new WrongUse(
          "there is no such file; give the path of a Java source file. file=" + program);
    }
    command.add(program);
    command.addAll(arguments);
    return command;
  }
}
