package io.procession.internal.os.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.procession.internal.os.ChildJvm;
import io.procession.internal.os.Platforms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentDirectoryTest {
  @TempDir Path parent;

  /** Creates so many segments below a directory and holds them until it is killed. */
  static final class Owner {
    static void main(String[] arguments) throws Exception {
      var directory = new SegmentDirectory(Platforms.named("portable"), Path.of(arguments[0]));
      for (var left = Integer.parseInt(arguments[1]); left > 0; left--) {
        directory.create(100);
      }
      System.out.println("created");
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  /** Sweeps when told to. */
  static final class Sweeper {
    static void main(String[] arguments) throws Exception {
      var parent = Path.of(arguments[0]);
      var directory = new SegmentDirectory(Platforms.named("portable"), parent);
      System.out.println("ready");
      var _ = System.in.read();
      directory.sweep(Files.getOwner(parent));
      System.out.println("swept");
    }
  }

  private SegmentDirectory directory() {
    return new SegmentDirectory(Platforms.named("portable"), parent);
  }

  private void sweep() throws IOException {
    directory().sweep(Files.getOwner(parent));
  }

  private List<Path> children() throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.toList();
    }
  }

  private ChildJvm owner(int segments) throws IOException {
    var owner = ChildJvm.start(Owner.class, List.of(), parent, segments);
    assertThat(owner.readLine()).isEqualTo("created");
    return owner;
  }

  @Test
  void onlyThisUserMayEnterAndTheLastSegmentTakesTheDirectoryAlong() throws IOException {
    var directory = directory();
    try (var first = directory.create(10)) {
      try (var second = directory.create(10)) {
        assertThat(children()).hasSize(1);
        var path = children().getFirst();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
            .isEqualTo("rwx------");
        assertThat(first.handle().location()).startsWith(path + "/");
        assertThat(second.handle().location()).isNotEqualTo(first.handle().location());
      }
      assertThat(children()).hasSize(1);
    }
    assertThat(children()).isEmpty();
    directory.create(10).close();
    assertThat(children()).isEmpty();
  }

  @Test
  void theNextProcessSweepsWhatADeadOwnerLeft() throws IOException {
    try (var owner = owner(3)) {
      owner.kill();
      assertThat(children()).hasSize(1);
      var left = children().getFirst();
      try (var segment = directory().create(10)) {
        assertThat(left).doesNotExist();
        assertThat(Path.of(segment.handle().location())).exists();
      }
      assertThat(children()).isEmpty();
    }
  }

  @Test
  void aLivingOwnerIsNotSwept() throws IOException {
    try (var owner = owner(1)) {
      var left = children().getFirst();
      sweep();
      assertThat(left.resolve("0.segment")).exists();
      owner.kill();
      sweep();
      assertThat(left).doesNotExist();
    }
  }

  @Test
  void anOwnerWhoseNumberMeansNothingHereIsSparedWhileItHoldsItsLock() throws IOException {
    try (var owner = owner(1)) {
      // As a process of another pid name space looks: its number belongs to nobody here.
      var real = children().getFirst();
      var foreign = parent.resolve("procession-" + (1L << 40) + "-1-abc");
      Files.move(real, foreign);
      sweep();
      assertThat(foreign.resolve("0.segment")).exists();
      owner.kill();
      sweep();
      assertThat(foreign).doesNotExist();
    }
  }

  @Test
  void sweepersMayMeet() throws IOException {
    for (var round = 0; round < 3; round++) {
      for (var owners = 0; owners < 2; owners++) {
        try (var owner = owner(50)) {
          owner.kill();
        }
      }
      var sweepers = new ArrayList<ChildJvm>();
      try {
        for (var count = 0; count < 3; count++) {
          sweepers.add(ChildJvm.start(Sweeper.class, List.of(), parent));
        }
        sweepers.forEach(ChildJvm::readLine);
        sweepers.forEach(sweeper -> sweeper.writeLine(""));
        sweepers.forEach(sweeper -> assertThat(sweeper.readLine()).isEqualTo("swept"));
      } finally {
        for (var sweeper : sweepers) {
          sweeper.close();
        }
      }
      sweep();
      assertThat(children()).isEmpty();
    }
  }

  @Test
  void strangersNamesAreLeftAlone() throws IOException {
    var names =
        List.of(
            "procession-1",
            "procession-x-1-a",
            "procession-99999999999999999999-1-a",
            "procession-99999999-1-a/b/c");
    for (var name : names) {
      Files.createDirectories(parent.resolve(name));
    }
    Files.writeString(parent.resolve("procession-99999999-1-b"), "a file");
    Files.createSymbolicLink(parent.resolve("procession-99999999-1-c"), parent);
    sweep();
    assertThat(children()).hasSize(6);
    assertThat(parent.resolve("procession-99999999-1-a/b/c")).exists();
  }

  @Test
  void whatAnotherUserHasLeftIsNotTouched() throws IOException {
    var left = Files.createDirectory(parent.resolve("procession-99999999-1-a"));
    Files.createFile(left.resolve("0.segment"));
    var other =
        parent.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("54321");
    directory().sweep(other);
    assertThat(left.resolve("0.segment")).exists();
    assertThat(left.resolve("owner.lock")).doesNotExist();
    sweep();
    assertThat(children()).isEmpty();
  }

  @Test
  void whatCannotBeSweptKeepsNobodyFromWorking() throws IOException {
    var victim = parent.resolve("victim");
    var linked = Files.createDirectory(parent.resolve("procession-99999999-1-a"));
    Files.createSymbolicLink(linked.resolve("owner.lock"), victim);
    var odd = Files.createDirectory(parent.resolve("procession-99999999-1-b"));
    Files.createDirectory(odd.resolve("owner.lock"));
    var left = Files.createDirectory(parent.resolve("procession-99999999-1-c"));
    try (var segment = directory().create(10)) {
      assertThat(Path.of(segment.handle().location())).exists();
      assertThat(victim).doesNotExist();
      assertThat(left).doesNotExist();
    }
    assertThat(children()).containsExactlyInAnyOrder(linked, odd);
  }

  @Test
  void aFolderThatNobodyMayListKeepsNobodyFromWorking() {
    assertThatCode(() ->
            new SegmentDirectory(Platforms.named("portable"), parent.resolve("absent"))
                .sweep(Files.getOwner(parent)))
        .doesNotThrowAnyException();
  }
}
