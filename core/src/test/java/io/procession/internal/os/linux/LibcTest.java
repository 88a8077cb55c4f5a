package io.procession.internal.os.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LibcTest {
  @BeforeEach
  void linuxIsNeeded() {
    assumeTrue(LinuxPlatform.obstacle().isEmpty());
  }

  @Test
  void failuresCarryTheirNumberAndItsName() {
    assertThat(Libc.close(-1)).isEqualTo(-9);
    assertThat(Libc.kill(1L << 30, 0)).isEqualTo(-Errno.ESRCH);
    assertThat(Libc.pidfd_open(1L << 30)).isEqualTo(-Errno.ESRCH);
    try (var arena = Arena.ofConfined()) {
      assertThat(Libc.futex_wake(1, 1, Libc.errnoMemory(arena))).isEqualTo(-22);
    }
    assertThat(Errno.name(9)).isEqualTo("EBADF");
    assertThat(Errno.name(95)).isEqualTo("errno 95");
    assertThatIOException()
        .isThrownBy(() -> Errno.check(-24, "memfd_create"))
        .withMessage("memfd_create failed; errno=EMFILE");
  }

  @Test
  void numbersThatMeanEverybodyAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Libc.kill(-1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> Libc.kill(0, 0));
  }

  @Test
  void identityComesFromTheKernel() {
    var self = ProcessHandle.current();
    assertThat((long) Libc.getppid()).isEqualTo(self.parent().orElseThrow().pid());
    assertThat(Libc.getpgid(0)).isEqualTo(Libc.getpgid(self.pid()));
  }

  @Test
  void aSealedSegmentCanNeitherShrinkNorGrow() throws Exception {
    try (var segment = new LinuxPlatform().createSegment(64);
        var arena = Arena.ofConfined();
        var file =
            FileChannel.open(
                Path.of("/proc/self/fd/" + segment.handle().location()),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
      var fd = Integer.parseInt(segment.handle().location());
      assertThat(Libc.ftruncate(fd, 1)).isEqualTo(-Errno.EPERM);
      assertThat(Libc.ftruncate(fd, 1 << 20)).isEqualTo(-Errno.EPERM);
      assertThat(Libc.fcntl(fd, Libc.F_ADD_SEALS, 8)).isEqualTo(-Errno.EPERM);
      assertThatIOException().isThrownBy(() -> file.map(MapMode.READ_WRITE, 0, 1 << 20, arena));
    }
  }
}
