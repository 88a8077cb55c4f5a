package io.procession.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Measures Procession beside Python's multiprocessing; the main of {@code bench/run}. */
final class Bench {

  private static final String USAGE =
      """
      Usage: bench/run [--rounds=<n>] [--seconds=<s>] [--workers=<n,…>] [--only] [--write] [<workload>...]
        --rounds   how often each peer is measured, in turn with the others; 9 unless given
        --seconds  how long each measurement takes; 1 unless given
        --workers  the sizes of the pools; 1,2,4 unless given
        --only     leaves the peers out
        --write    puts the table into docs/performance.md, between its markers
      Workloads, all unless given: \
      """
          + String.join(", ", Stream.of(Workload.values()).map(Enum::name).toList());

  private static final String BEGIN = "<!-- figures: begin -->";
  private static final String END = "<!-- figures: end -->";

  private int rounds = 9;
  private double seconds = 1;
  private List<Integer> sizes = List.of(1, 2, 4);
  private boolean only;
  private boolean write;
  private final List<Workload> workloads = new ArrayList<>();

  private Bench() {}

  /**
   * Prints the table, a line as soon as it is measured.
   *
   * @param arguments as {@code --help} says
   */
  public static void main(String[] arguments) throws Exception {
    var bench = new Bench();
    for (var argument : arguments) {
      if (!bench.take(argument)) {
        System.out.println(USAGE);
        System.exit(argument.equals("--help") ? 0 : 2);
      }
    }
    bench.run(String.join(" ", arguments));
  }

  private boolean take(String argument) {
    var value = argument.substring(argument.indexOf('=') + 1);
    switch (argument.split("=", -1)[0]) {
      case "--rounds" -> rounds = Integer.parseInt(value);
      case "--seconds" -> seconds = Double.parseDouble(value);
      case "--workers" -> sizes = Stream.of(value.split(",", -1)).map(Integer::valueOf).toList();
      case "--only" -> only = true;
      case "--write" -> write = true;
      default -> {
        var named =
            Stream.of(Workload.values())
                .filter(each -> each.name().equals(argument.toUpperCase(Locale.ROOT)))
                .findAny();
        named.ifPresent(workloads::add);
        return named.isPresent();
      }
    }
    return true;
  }

  private void run(String command) throws Exception {
    var directory = Path.of(System.getProperty("bench.directory", "bench"));
    var peers = new ArrayList<Peer>();
    peers.add(new ProcessionPeer());
    if (!only) {
      peers.add(new PythonPeer("spawn", directory));
      peers.add(new PythonPeer("fork", directory));
    }
    var lines = new ArrayList<String>();
    lines.add(
        "`bench/run "
            + command
            + "`, "
            + LocalDate.now(ZoneOffset.UTC)
            + ". "
            + Machine.describe());
    lines.add("");
    lines.add(heading(peers));
    lines.add("|---|---|" + "---|".repeat(2 * peers.size() - 1));
    lines.forEach(System.out::println);
    for (var workload : workloads.isEmpty() ? List.of(Workload.values()) : workloads) {
      for (var workers : sizes(workload)) {
        var line = Comparison.run(workload, workers, peers, rounds, seconds).line();
        System.out.println(line);
        lines.add(line);
      }
    }
    for (var peer : peers) {
      peer.close();
    }
    if (write) {
      insert(directory.resolveSibling("docs").resolve("performance.md"), lines);
    }
  }

  /** A child is one; an idle pool is measured at its largest. */
  private List<Integer> sizes(Workload workload) {
    return switch (workload) {
      case CHILD_START -> List.of(1);
      case MEMORY, IDLE -> List.of(sizes.getLast());
      default -> sizes;
    };
  }

  private static String heading(List<Peer> peers) {
    var heading = new StringBuilder("| | workers |");
    peers.forEach(peer -> heading.append(' ').append(peer.name()).append(" |"));
    peers.stream()
        .skip(1)
        .forEach(peer -> heading.append(" better than ").append(peer.name()).append(" by |"));
    return heading.toString();
  }

  private static void insert(Path document, List<String> lines) throws Exception {
    var text = Files.readString(document);
    var begin = text.indexOf(BEGIN);
    var end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      throw new IllegalStateException(
          "the document lacks the markers between which the figures go. document=" + document);
    }
    Files.writeString(
        document,
        text.substring(0, begin + BEGIN.length())
            + "\n\n"
            + String.join("\n", lines)
            + "\n\n"
            + text.substring(end));
  }
}
