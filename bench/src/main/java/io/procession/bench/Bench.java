package io.procession.bench;

import io.procession.bench.report.Figures;
import io.procession.bench.report.Page;
import io.procession.bench.report.Provenance;
import io.procession.bench.report.Quotes;
import io.procession.bench.report.Table;
import io.procession.bench.work.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures Procession beside its peers; the main of {@code bench/run}. */
@Command(
    name = "bench/run",
    description = "Measures Procession beside its peers, in one run on one machine.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class Bench implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--quick",
      description = "Fewer points and rounds; ends within 5 minutes, else 40.")
  private boolean quick;

  @Option(
      names = "--rounds",
      description = "How often each peer is measured, in turn with the others; 5, quick 3.")
  private @Nullable Integer rounds;

  @Option(names = "--seconds", description = "How long each measurement takes; 0.3, quick 0.1.")
  private @Nullable Double seconds;

  @Option(
      names = "--minutes",
      description = "After how many there are no more rounds than three; 37, quick 4.4.")
  private @Nullable Double minutes;

  @Option(names = "--workers", split = ",", description = "Only these sizes of pools.")
  private List<Long> workers = List.of();

  @Option(names = "--only", description = "Leaves the peers out.")
  private boolean only;

  @Option(
      names = "--peer",
      split = ",",
      description = "Only peers whose names contain one of these, beside ours.")
  private List<String> peers = List.of();

  @Option(
      names = "--write",
      description =
          "Puts the tables into docs/performance.md, and the figures where others quote them; wants"
              + " whole families.")
  private boolean write;

  @Option(
      names = "--render",
      description = "Measures nothing; writes the tables and pictures anew from docs/performance.")
  private boolean render;

  @Option(names = "--list", description = "Lists families, workloads and peers, and ends.")
  private boolean list;

  @Parameters(
      paramLabel = "<workload>",
      description = "Families or workloads of them; all unless given.")
  private List<String> wanted = List.of();

  private final List<String> arguments;

  private Bench(List<String> arguments) {
    this.arguments = arguments;
  }

  /**
   * Prints the tables, each as soon as it is measured.
   *
   * @param arguments as {@code --help} says
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench(List.of(arguments))).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    var directory = Path.of(System.getProperty("bench.directory", "bench"));
    if (render) {
      render(directory.resolveSibling("docs"));
      return 0;
    }
    var target = directory.resolve("target");
    var log = Files.createDirectories(target).resolve("peers.log");
    var effort = effort();
    var end = System.nanoTime() + effort.budget().toNanos();
    Files.deleteIfExists(log);
    var roll = new RollCall(chosenPeers(directory, target), log, effort.answerLimit());
    var workloads =
        chosenWorkloads().stream().filter(workload -> !roll.able(workload).isEmpty()).toList();
    if (list) {
      list(roll);
      return 0;
    }
    if (workloads.stream().anyMatch(workload -> workload.family() == Family.WORK)) {
      Input.generate(target.resolve("input"));
    }
    var provenance = provenance(roll);
    System.out.println(provenance.sentence() + "\n");
    var points = workloads.stream().mapToLong(workload -> points(workload).size()).sum();
    for (var family : Family.values()) {
      var rows = new ArrayList<Row>();
      for (var workload : workloads) {
        if (workload.family() == family) {
          var measured = measure(workload, roll, log, effort, end, points);
          points -= measured.size();
          rows.addAll(measured);
          System.out.println(new Table(measured).markdown());
        }
      }
      if (!rows.isEmpty()) {
        report(new Figures(family, provenance, List.copyOf(rows)), directory, target);
      }
    }
    return 0;
  }

  /** All points of a workload; each may take an equal share of the time that is left. */
  private List<Row> measure(
      Workload workload, RollCall roll, Path log, Effort effort, long end, long pointsLeft) {
    var contestants =
        roll.able(workload).stream()
            .map(peer -> new Contestant(peer, workload, log, effort))
            .toList();
    var rows = new ArrayList<Row>();
    try (var comparison = new Comparison(workload, effort, contestants)) {
      for (var point : points(workload)) {
        var share = (end - System.nanoTime()) / (pointsLeft - rows.size());
        rows.add(comparison.at(point, Duration.ofNanos(share)));
      }
    }
    return rows;
  }

  private void report(Figures figures, Path directory, Path target) throws IOException {
    Page.write(figures, target.resolve("figures"));
    if (write) {
      var documents = directory.resolveSibling("docs");
      Page.write(figures, documents.resolve("performance"));
      Page.insert(figures, documents.resolve("performance.md"));
      Quotes.refresh(figures, documents);
    }
  }

  private static void render(Path documents) throws IOException {
    for (var family : Family.values()) {
      var json = documents.resolve("performance").resolve(family.word() + ".json");
      if (Files.exists(json)) {
        var figures = Figures.readJson(json);
        Page.write(figures, documents.resolve("performance"));
        Page.insert(figures, documents.resolve("performance.md"));
        Quotes.refresh(figures, documents);
      }
    }
  }

  private Effort effort() {
    var effort = quick ? Effort.quick() : Effort.full();
    effort = peers.isEmpty() ? effort : effort.withSecondary();
    effort = rounds == null ? effort : effort.withRounds(rounds);
    effort = seconds == null ? effort : effort.withSeconds(seconds);
    return minutes == null
        ? effort
        : effort.withBudget(Duration.ofMillis((long) (minutes * 60_000)));
  }

  private List<Workload> chosenWorkloads() {
    for (var word : wanted) {
      if (Catalogue.ALL.stream().noneMatch(workload -> isOf(workload, word))) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no such family or workload; --list lists them. workload=" + word);
      }
      if (write && Arrays.stream(Family.values()).noneMatch(family -> family.word().equals(word))) {
        throw new ParameterException(
            spec.commandLine(), "--write wants whole families. workload=" + word);
      }
    }
    return Catalogue.ALL.stream()
        .filter(
            workload -> wanted.isEmpty() || wanted.stream().anyMatch(word -> isOf(workload, word)))
        .toList();
  }

  private static boolean isOf(Workload workload, String word) {
    return workload.name().equals(word) || workload.family().word().equals(word);
  }

  private List<Long> points(Workload workload) {
    var points = quick ? workload.quickPoints() : workload.points();
    return workload.axis() != Axis.WORKERS || workers.isEmpty() ? points : workers;
  }

  private List<Peer> chosenPeers(Path directory, Path target) {
    var python = System.getProperty("bench.python", "python3");
    return Peer.all(new Peer.Places(directory, target.resolve("c"), python)).stream()
        .filter(peer -> peer.name().equals(Row.OURS) || (!only && isWanted(peer)))
        .toList();
  }

  private boolean isWanted(Peer peer) {
    return peers.isEmpty() || peers.stream().anyMatch(peer.name()::contains);
  }

  private Provenance provenance(RollCall roll) throws IOException {
    return new Provenance(
        String.join(" ", List.of("bench/run", String.join(" ", arguments))).strip(),
        LocalDate.now(ZoneOffset.UTC).toString(),
        Machine.describe(),
        Machine.load(),
        roll.versions(),
        roll.missing());
  }

  private static void list(RollCall roll) {
    for (var workload : Catalogue.ALL) {
      var names = roll.able(workload).stream().map(Peer::name).toList();
      System.out.printf(
          "%-7s %-22s %s: %s%n",
          workload.family().word(), workload.name(), workload.title(), String.join(", ", names));
    }
    roll.versions().forEach(System.out::println);
    roll.missing().forEach(reason -> System.out.println("missing: " + reason));
  }
}
