package io.procession.tools;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code procession}: each thing that it can do is a subcommand. */
@Command(
    name = "procession",
    description = "Multiprocessing for Java: child processes and process pools.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      DoctorCommand.class,
      InspectCommand.class,
      StatusCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "For example:",
      "  procession run examples/LineCount.java core tools",
      "  procession doctor",
      "  procession inspect 4711",
      "  procession status pool.status"
    })
public final class Main implements Runnable {

  /** Wrong use; what {@code sysexits} and most tools give. */
  static final int USAGE = CommandLine.ExitCode.USAGE;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setStopAtPositional(true) // what follows the script is the script's
        .setExecutionExceptionHandler(Main::explain)
        .setParameterExceptionHandler(Main::explain);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command was given");
  }

  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    say(command.getErr(), String.valueOf(failure.getMessage()));
    return failure instanceof WrongUse ? USAGE : CommandLine.ExitCode.SOFTWARE;
  }

  private static int explain(ParameterException failure, String[] arguments) {
    var command = failure.getCommandLine();
    say(
        command.getErr(),
        failure instanceof CommandLine.UnmatchedArgumentException unmatched
            ? "there is no such command or option. argument=" + unmatched.getUnmatched().getFirst()
            : String.valueOf(failure.getMessage()));
    CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr());
    command
        .getErr()
        .println(
            "Try '%s --help' for what it can do."
                .formatted(command.getCommandSpec().qualifiedName()));
    return USAGE;
  }

  private static void say(PrintWriter err, String sentence) {
    err.println("procession: " + sentence);
  }

  /** The version that the build wrote into the module. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      return new String[] {"procession " + ofThisTool(), "Java " + Runtime.version()};
    }

    static String ofThisTool() {
      var module = Main.class.getModule().getDescriptor();
      return module == null ? "(run from the class path)" : module.rawVersion().orElse("(unbuilt)");
    }
  }
}
