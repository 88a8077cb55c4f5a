package io.procession.bench;

import io.procession.bench.work.Input;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A peer's program while it runs: takes commands on stdin, answers each by a line on stdout. */
final class PeerProcess implements AutoCloseable {

  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private final Process process;
  private final BufferedReader answers;
  private final BufferedWriter commands;
  private final Path log;
  private final Duration limit;

  /**
   * @param log takes what the program writes to stderr
   * @param limit how long an answer may take; whoever takes longer is killed
   */
  PeerProcess(Peer peer, Path log, Duration limit) throws PeerException {
    this.log = log;
    this.limit = limit;
    try {
      var builder =
          new ProcessBuilder(peer.command()).redirectError(Redirect.appendTo(log.toFile()));
      builder.environment().put(Input.VARIABLE, log.resolveSibling("input").toString());
      process = builder.start();
    } catch (IOException failure) {
      throw new PeerException("it does not start: " + failure.getMessage(), failure);
    }
    answers = process.inputReader();
    commands = process.outputWriter();
  }

  /** The first line, which comes without a command. */
  Answer hello() throws PeerException {
    return answer("start");
  }

  /** Gives the answer, which may be that the peer cannot do this. */
  Answer ask(String command) throws PeerException {
    try {
      commands.write(command + "\n");
      commands.flush();
    } catch (IOException dead) {
      throw new PeerException(
          "it has died; its words are in " + log + ". command=" + command, dead);
    }
    return answer(command);
  }

  private Answer answer(String command) throws PeerException {
    var line = read(command);
    if (line == null) {
      throw new PeerException("it has died; its words are in " + log + ". command=" + command);
    }
    var answer = Answer.read(line);
    if (answer.error() != null) {
      throw new PeerException(answer.error() + " command=" + command);
    }
    return answer;
  }

  private @Nullable String read(String command) throws PeerException {
    var reading = new FutureTask<@Nullable String>(answers::readLine);
    Thread.ofVirtual().start(reading);
    try {
      return reading.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException late) {
      kill();
      throw new PeerException(
          "it gave no answer within %d s and was killed. command=%s"
              .formatted(limit.toSeconds(), command),
          late);
    } catch (ExecutionException failure) {
      throw new PeerException("its answer cannot be read. command=" + command, failure);
    } catch (InterruptedException interrupted) {
      kill();
      Thread.currentThread().interrupt();
      throw new PeerException("the measuring was interrupted. command=" + command, interrupted);
    }
  }

  /** Ends it with all that it started. */
  private void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Lets it end by itself, which closing its stdin asks for; kills it if it does not. */
  @Override
  public void close() {
    try {
      commands.close();
    } catch (IOException _) {
      // It has died, and what it was to read with it.
    }
    try {
      if (!process.waitFor(END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        kill();
        process.onExit().join();
      }
    } catch (InterruptedException _) {
      kill();
      Thread.currentThread().interrupt();
    }
  }
}
