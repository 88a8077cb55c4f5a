package io.procession.tools;

import io.procession.internal.family.Inspection;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists what the processes of a family share, without taking part. */
@Command(
    name = "inspect",
    description = {
      "Lists the shared objects of a process's family: owner, waiters, content, holders.",
      "It only reads. After the death of the family's first process a living child's pid serves,",
      "to root or where shared memory is in files."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class InspectCommand implements Callable<Integer> {

  private static final List<String> TITLES =
      List.of("object", "id", "bytes", "owner", "waiting", "in flight", "content", "held by");

  @Parameters(paramLabel = "<pid>", description = "any process of the family")
  private long pid;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (var inspection = open()) {
      report(inspection);
      return 0;
    }
  }

  private Inspection open() throws IOException {
    if (ProcessHandle.of(pid).isEmpty()) {
      throw new WrongUse("there is no such process; see jps for those of Java. pid=" + pid);
    }
    try {
      return Inspection.of(pid)
          .orElseThrow(() ->
              new WrongUse(
                  "this process shares no memory through Procession, nor does one that it descends"
                      + " from. pid="
                      + pid));
    } catch (AccessDeniedException e) {
      throw new IOException(
          "you may not read the memory of this process; be its user, or root once the family's"
              + " first process has died. pid=%d file=%s".formatted(pid, e.getFile()),
          e);
    }
  }

  private void report(Inspection inspection) {
    var out = spec.commandLine().getOut();
    var entries = inspection.entries();
    out.printf("processes: %s%n", joined(inspection.members()));
    out.printf("memory: used=%d of=%d bytes%n", inspection.usedBytes(), inspection.familyBytes());
    out.printf("objects: %d%n", entries.size());
    if (!entries.isEmpty()) {
      out.println();
      Table.of(TITLES, entries.stream().map(InspectCommand::cells).toList()).forEach(out::println);
    }
  }

  private static List<String> cells(Inspection.Entry entry) {
    return List.of(
        entry.kind(),
        Long.toString(entry.id()),
        Long.toString(entry.bytes()),
        owner(entry.owner()),
        Integer.toString(entry.waiting()),
        Integer.toString(entry.inFlight()),
        entry.content(),
        joined(entry.holders()));
  }

  private static String owner(Inspection.@Nullable Member owner) {
    return owner == null ? "-" : owner.toString();
  }

  private static String joined(List<Inspection.Member> members) {
    return members.isEmpty()
        ? "nobody"
        : members.stream().map(Inspection.Member::toString).collect(Collectors.joining(", "));
  }
}
