package io.procession.internal.os.portable;

import io.procession.internal.os.Platform;
import io.procession.internal.os.ProcessIdentity;
import io.procession.internal.os.Segment;
import io.procession.internal.os.SegmentGoneException;
import io.procession.internal.os.SegmentHandle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Segments as files, in a directory that only this user may enter.
 *
 * <pre>
 * &lt;java.io.tmpdir&gt;/procession-&lt;pid&gt;-&lt;start&gt;-&lt;random&gt;/
 *     owner.lock   locked by the owner while it lives, whatever name space its pid is from
 *     &lt;n&gt;.segment
 * </pre>
 *
 * <p>The directory exists while it holds a segment. That of a dead owner is swept by the next
 * process that makes one: only when the owner's identity is proven dead <em>and</em> its lock can
 * be taken, which also lets no two sweepers meet.
 */
final class SegmentDirectory {
  private static final Pattern NAME =
      Pattern.compile("procession-(\\d{1,18})-(\\d{1,18})-[0-9a-z]+");
  private static final String LOCK = "owner.lock";

  private final Platform platform;
  private final Path parent;
  private @Nullable Owned owned;
  private boolean hooked;

  /** The directory while it exists, and how many segments it holds. */
  private static final class Owned {
    final Path path;
    final FileChannel lock;
    int segments;
    long created;

    Owned(Path path, FileChannel lock) {
      this.path = path;
      this.lock = lock;
    }
  }

  SegmentDirectory(Platform platform, Path parent) {
    this.platform = platform;
    this.parent = parent;
  }

  static Path defaultParent() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  synchronized Segment create(long bytes) throws IOException {
    var fileBytes = Segment.fileBytes(bytes);
    var directory = owned;
    if (directory == null) {
      directory = open();
      owned = directory;
      // Whoever owns what was made just now is this user, whatever its name is.
      sweep(Files.getOwner(directory.path, LinkOption.NOFOLLOW_LINKS));
    }
    var path = directory.path.resolve(directory.created++ + ".segment");
    directory.segments++;
    try (var file =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE)) {
      // Sized by its last byte; mapping beyond the end would do it, too, but not everywhere.
      file.write(ByteBuffer.allocate(1), fileBytes - 1);
      var handle = Segment.newHandle(platform.self(), path.toAbsolutePath().toString(), bytes);
      return Segment.create(file, handle, () -> release(path));
    } catch (IOException | RuntimeException | Error failure) {
      try {
        release(path);
      } catch (IOException second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  Segment attach(SegmentHandle handle) throws IOException {
    if (platform.isDead(handle.owner())) {
      throw SegmentGoneException.of(handle, "its owner has died");
    }
    try (var file =
        FileChannel.open(
            Path.of(handle.location()),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS)) {
      return Segment.attach(file, handle);
    } catch (NoSuchFileException failure) {
      throw SegmentGoneException.of(handle, "its owner has closed it", failure);
    }
  }

  private Owned open() throws IOException {
    var self = platform.self();
    while (true) {
      var random = Long.toString(System.nanoTime() & Long.MAX_VALUE, Character.MAX_RADIX);
      var path = parent.resolve("procession-" + self.pid() + "-" + self.start() + "-" + random);
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectory(path, ownerOnly(path));
        deleteAtExit();
        return new Owned(path, lock(path).orElseThrow());
      }
    }
  }

  /** Segments that are still open when this process exits go with it; sweeping is for kills. */
  private void deleteAtExit() {
    if (hooked) {
      return;
    }
    hooked = true;
    try {
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform().name("procession-cleanup").unstarted(this::deleteOwned));
    } catch (IllegalStateException _) {
      // The process is exiting already; the next one sweeps.
    }
  }

  private synchronized void deleteOwned() {
    var directory = owned;
    if (directory != null) {
      owned = null;
      try {
        delete(directory.path, directory.lock);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "shared memory files were left behind. directory=" + directory.path, e);
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** The lock of a directory, held until the channel closes; empty when another process has it. */
  private static Optional<FileChannel> lock(Path directory) throws IOException {
    var channel =
        FileChannel.open(
            directory.resolve(LOCK),
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            LinkOption.NOFOLLOW_LINKS);
    var locked = false;
    try {
      locked = channel.tryLock() != null;
      return locked ? Optional.of(channel) : Optional.empty();
    } finally {
      if (!locked) {
        channel.close();
      }
    }
  }

  private synchronized void release(Path segment) throws IOException {
    Files.deleteIfExists(segment);
    var directory = owned;
    if (directory != null && --directory.segments == 0) {
      owned = null;
      delete(directory.path, directory.lock);
    }
  }

  private static void delete(Path directory, FileChannel lock) throws IOException {
    try (var files = Files.newDirectoryStream(directory, "*.segment")) {
      for (var file : files) {
        Files.deleteIfExists(file);
      }
    }
    lock.close();
    Files.deleteIfExists(directory.resolve(LOCK));
    Files.deleteIfExists(directory);
  }

  /** Deletes what dead processes of this user have left, as far as it can be. */
  void sweep(UserPrincipal user) {
    try (var directories = Files.newDirectoryStream(parent, "procession-*")) {
      for (var directory : directories) {
        sweep(directory, user);
      }
    } catch (IOException | DirectoryIteratorException e) {
      notSwept(parent, e);
    }
  }

  private void sweep(Path directory, UserPrincipal user) {
    try {
      if (!isLeftBehind(directory, user)) {
        return;
      }
      var lock = lock(directory);
      if (lock.isPresent()) {
        try (var held = lock.get()) {
          delete(directory, held);
        }
      }
    } catch (NoSuchFileException | DirectoryNotEmptyException _) {
      // Another sweeper was there between two of these steps, and finishes.
    } catch (IOException | DirectoryIteratorException e) {
      notSwept(directory, e);
    }
  }

  /** Only what this user made: in what another one has put there, nothing is safe to open. */
  private boolean isLeftBehind(Path directory, UserPrincipal user) throws IOException {
    var name = NAME.matcher(directory.getFileName().toString());
    return name.matches()
        && Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
        && Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS).equals(user)
        && platform.isDead(
            new ProcessIdentity(Long.parseLong(name.group(1)), Long.parseLong(name.group(2))));
  }

  /** It keeps nobody from working. */
  private static void notSwept(Path directory, Exception cause) {
    System.getLogger(SegmentDirectory.class.getName())
        .log(
            System.Logger.Level.WARNING,
            "what a dead process left could not be deleted; delete it by hand. directory="
                + directory,
            cause);
  }
}
