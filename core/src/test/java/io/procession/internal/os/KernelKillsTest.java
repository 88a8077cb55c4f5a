package io.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelKillsTest {

  @TempDir Path root = Path.of("");

  private void write(String file, String content) throws IOException {
    var path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  @Test
  void countsThoseOfTheSystem() throws Exception {
    write("proc/vmstat", "pgfault 12\noom_kill 3\nnr_dirty 0\n");
    write("proc/self/cgroup", "4:memory:/a\n0::/a\n");
    var kills = KernelKills.sinceNow(root);
    assertThat(kills.any()).isFalse();
    write("proc/vmstat", "pgfault 15\noom_kill 4\nnr_dirty 0\n");
    assertThat(kills.any()).isTrue();
    assertThat(KernelKills.sinceNow(root).any()).isFalse();
  }

  @Test
  void countsOnlyThoseOfTheOwnControlGroupWhereThereIsOne() throws Exception {
    write("proc/vmstat", "oom_kill 3\n");
    write("proc/self/cgroup", "0::/box/one\n");
    write("sys/fs/cgroup/box/one/memory.events", "low 0\noom 7\noom_kill 2\n");
    var kills = KernelKills.sinceNow(root);
    write("proc/vmstat", "oom_kill 9\n");
    assertThat(kills.any()).isFalse();
    write("sys/fs/cgroup/box/one/memory.events", "low 0\noom 8\noom_kill 3\n");
    assertThat(kills.any()).isTrue();
  }

  @Test
  void knowsNothingWhereTheSystemTellsNothing() throws Exception {
    assertThat(KernelKills.sinceNow(root).any()).isFalse();
    write("proc/vmstat", "pgfault 12\noom_kill many\n");
    assertThat(KernelKills.sinceNow(root).any()).isFalse();
  }
}
