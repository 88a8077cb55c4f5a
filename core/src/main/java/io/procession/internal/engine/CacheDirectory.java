package io.procession.internal.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory of this user's in which files are kept from one run to the next: the one of the
 * system property {@value #PROPERTY} alone if it is set; else {@code $XDG_CACHE_HOME/procession} or
 * {@code ~/.cache/procession}, and, where that cannot be written, one of this user's alone below
 * {@code java.io.tmpdir}.
 *
 * @param path absolute
 * @param isShared whether its parent is a place to which all users can write
 */
record CacheDirectory(Path path, boolean isShared) {

  /** The system property that names the directory. */
  static final String PROPERTY = "procession.cache";

  private static final Path SELF = Path.of("/proc/self");

  /** The directories that may serve, the best first; they need not exist. */
  static List<CacheDirectory> candidates() {
    var property = System.getProperty(PROPERTY, "");
    if (!property.isEmpty()) {
      return List.of(of(Path.of(property)));
    }
    var found = new ArrayList<CacheDirectory>();
    var xdg = Path.of(System.getenv().getOrDefault("XDG_CACHE_HOME", ""));
    var home = Path.of(System.getProperty("user.home", ""));
    var usual = xdg.isAbsolute() ? xdg : home.resolve(".cache");
    if (usual.isAbsolute()) {
      found.add(of(usual.resolve("procession")));
    }
    var user = System.getProperty("user.name", "user").replaceAll("\\W", "_");
    var temporary = Path.of(System.getProperty("java.io.tmpdir"), "procession-" + user);
    found.add(new CacheDirectory(temporary.toAbsolutePath(), true));
    return found;
  }

  static CacheDirectory of(Path path) {
    return new CacheDirectory(path.toAbsolutePath(), false);
  }

  /**
   * Makes it, if need be, for this user alone.
   *
   * @throws IOException if it cannot be made; or if it is in a place that all users share and is
   *     not this user's alone
   */
  Path create() throws IOException {
    if (Files.getFileStore(existingParent())
        .supportsFileAttributeView(PosixFileAttributeView.class)) {
      var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(path, mine);
      }
      if (isShared && !isPrivate()) {
        throw new IOException(
            "The directory for cached files is open to other users; remove it. directory=" + path);
      }
    }
    return Files.createDirectories(path);
  }

  private Path existingParent() throws IOException {
    for (var at = path; at != null; at = at.getParent()) {
      if (Files.exists(at)) {
        return at;
      }
    }
    throw new IOException("no part of the path exists. directory=" + path);
  }

  /** Whether nobody else but the system's administrator can change what is in it. */
  boolean isPrivate() {
    try {
      var options = isShared ? new LinkOption[] {LinkOption.NOFOLLOW_LINKS} : new LinkOption[0];
      var view = Files.getFileAttributeView(path, PosixFileAttributeView.class, options);
      if (view == null) {
        return !isShared;
      }
      var attributes = view.readAttributes();
      var self = self();
      var owner = attributes.owner();
      var mayBeRoot = !isShared && "root".equals(owner.getName());
      return (owner.equals(self) || mayBeRoot)
          && !attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
          && !attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    } catch (IOException e) {
      return false;
    }
  }

  private @Nullable UserPrincipal self() throws IOException {
    if (Files.exists(SELF)) {
      return Files.getOwner(SELF);
    }
    var probe = Files.createTempFile(path, "owner", ".tmp");
    try {
      return Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
  }
}
