package io.procession.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Python's multiprocessing, in a process that runs {@code peer.py}. */
final class PythonPeer implements Peer {

  private final String method;
  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;

  /**
   * @param method how multiprocessing starts processes: spawn or fork
   */
  PythonPeer(String method, Path directory) throws IOException {
    this.method = method;
    this.process =
        new ProcessBuilder("python3", directory.resolve("peer.py").toString(), method)
            .redirectError(Redirect.INHERIT)
            .start();
    this.answers = process.inputReader();
    this.commands = process.outputWriter();
  }

  @Override
  public String name() {
    return "Python, " + method;
  }

  private String ask(String command) throws IOException {
    commands.write(command + "\n");
    commands.flush();
    var answer = answers.readLine();
    if (answer == null) {
      throw new IOException(
          "the Python side has died; its own words are above. method="
              + method
              + " command="
              + command);
    }
    return answer;
  }

  @Override
  public void open(Workload workload, int workers) throws IOException {
    ask("open " + workload + " " + workers);
  }

  @Override
  public double measure(double seconds) throws IOException {
    return Double.parseDouble(ask("measure " + seconds));
  }

  @Override
  public List<Long> pids() throws IOException {
    return Stream.of(ask("pids").split(" ", -1)).map(Long::valueOf).toList();
  }

  @Override
  public void done() throws IOException {
    ask("close");
  }

  @Override
  public void close() throws IOException {
    commands.close();
    process.onExit().join();
  }
}
