package io.procession.shared;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file through which a Unix socket is found.
 *
 * @param identity tells it from a later file at the same place; null where the system has no such
 *     thing
 */
record SocketFile(Path path, @Nullable Object identity) implements AutoCloseable {

  /**
   * Binds {@code server} to a path, in the place of a socket that a dead process left there.
   *
   * @throws java.net.SocketException if somebody listens there, or no socket can be there
   * @throws FileAlreadyExistsException if something else than a socket is there; it is not touched
   */
  static SocketFile bind(ServerSocketChannel server, UnixDomainSocketAddress address, int backlog)
      throws IOException {
    var path = address.getPath();
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      removeDead(path);
    }
    server.bind(address, backlog);
    var attributes = attributes(path);
    var permissions = Files.getFileAttributeView(path, PosixFileAttributeView.class);
    if (permissions != null) {
      permissions.setPermissions(
          Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
    }
    return new SocketFile(path, attributes.fileKey());
  }

  private static BasicFileAttributes attributes(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Removes a socket at which nobody listens. It is moved away first: if another process has put a
   * new one there meanwhile, that is seen then, and the new one goes back.
   */
  private static void removeDead(Path path) throws IOException {
    check(path, path);
    var aside = path.resolveSibling(path.getFileName() + "." + UUID.randomUUID());
    try {
      Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return; // somebody else removed it
    }
    try {
      check(aside, path);
    } catch (IOException e) {
      Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
      throw e;
    }
    Files.delete(aside);
  }

  /** Fails unless a dead socket is at {@code path}. */
  private static void check(Path path, Path named) throws IOException {
    if (!attributes(path).isOther()) {
      throw new FileAlreadyExistsException(
          named.toString(), null, "it is no socket, so it is left alone; choose another path");
    }
    try (var probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      var _ = probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      return;
    }
    throw new BindException("somebody listens there already");
  }

  /** Deletes the file, if it is still the same. */
  @Override
  public void close() throws IOException {
    try {
      if (identity == null || Objects.equals(identity, attributes(path).fileKey())) {
        Files.deleteIfExists(path);
      }
    } catch (NoSuchFileException e) {
      // somebody else deleted it
    }
  }
}
