package io.procession.tools;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says, a line each, what of Procession works on this machine and what to do about the rest. */
@Command(
    name = "doctor",
    description = {
      "Says what works on this machine, a line each, with the remedy for what does not.",
      "Exit code 1 if something is missing without which nothing works."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class DoctorCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws InterruptedException {
    return report(new Examination().findings());
  }

  int report(List<Finding> findings) {
    var out = spec.commandLine().getOut();
    findings.stream().map(Finding::line).forEach(out::println);
    var failed = count(findings, Finding.Level.FAIL);
    var warned = count(findings, Finding.Level.WARN);
    if (failed > 0) {
      out.println("Procession cannot work here. failed=" + failed);
      return 1;
    }
    out.println(
        warned > 0
            ? "Procession works here, not as well as it could. warnings=" + warned
            : "Procession works here.");
    return 0;
  }

  private static long count(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).count();
  }
}
