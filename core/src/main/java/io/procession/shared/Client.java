package io.procession.shared;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;

/**
 * Connects to a {@link Listener} of another process, on this machine or another.
 *
 * {@snippet :
 * try (var connection = Client.connect(Path.of("/run/jobs.socket"), key)) {
 *   connection.send(List.of(1, 2, 3));
 *   var sum = connection.receive(Integer.class);
 * }
 * }
 */
public final class Client {

  private Client() {}

  /** A client whose settings are yet to be said. */
  public static ClientBuilder builder(byte[] key) {
    return new ClientBuilder(key);
  }

  /**
   * Connects to a Unix socket; see {@link ClientBuilder#connect(SocketAddress)}.
   *
   * @throws IllegalArgumentException if the key is empty
   */
  public static Connection connect(Path path, byte[] key) throws IOException, InterruptedException {
    return builder(key).connect(path);
  }

  /**
   * Connects to a Unix or TCP socket; see {@link ClientBuilder#connect(SocketAddress)}.
   *
   * @throws IllegalArgumentException if the key is empty
   */
  public static Connection connect(SocketAddress address, byte[] key)
      throws IOException, InterruptedException {
    return builder(key).connect(address);
  }
}
