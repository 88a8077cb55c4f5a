package io.procession.testkit.contract;

import io.procession.shared.Connection;
import io.procession.testkit.NoLeaks;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the suites about connections share: two ends of one. */
@NoLeaks
public abstract class ConnectionContract {

  /** For subclasses. */
  protected ConnectionContract() {}

  /**
   * The two ends of a new connection, both of which send and receive; the test closes them.
   *
   * @param left one end
   * @param right the other end
   */
  public record Ends(Connection left, Connection right) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (left;
          right) {
        // both
      }
    }
  }

  /** A new connection. */
  protected abstract Ends connect() throws Exception;

  /** Ends what the connections of a test needed besides their ends. */
  protected void disconnect() throws Exception {}

  private Ends ends;
  Connection left;
  Connection right;

  @BeforeEach
  void open() throws Exception {
    ends = connect();
    left = ends.left();
    right = ends.right();
  }

  @AfterEach
  void close() throws Exception {
    ends.close();
    disconnect();
  }

  /** Bytes that tell which message they are, and whether they are whole. */
  static byte[] pattern(int number, int length) {
    var bytes = new byte[length];
    for (var i = 0; i < length; i++) {
      bytes[i] = (byte) (number * 31 + i * 7);
    }
    return bytes;
  }
}
