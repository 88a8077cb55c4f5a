package io.procession.testkit.kill.shared;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import io.procession.testkit.Program;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Users of shared objects die between any two stores, by the hundred in one JVM; {@code
 * procession.sharedKills} says how many for each object, {@code procession.seed} repeats a run.
 */
@NoLeaks
class SharedKillTest {

  private static final int KILLS = Integer.getInteger("procession.sharedKills", 300);
  private static final long SEED = Long.getLong("procession.seed", System.nanoTime() & 0xffffff);

  static Set<String> objects() {
    return SharedKills.SUBJECTS.keySet();
  }

  @ParameterizedTest
  @MethodSource("objects")
  void othersGoOnAndNothingIsLost(String object) throws Exception {
    var program =
        Program.main(SharedKills.class.getName())
            .jvmArguments("-cp", System.getProperty("java.class.path"))
            .jvmArguments("--enable-native-access=ALL-UNNAMED")
            .jvmArguments("-Dprocession.seam=install", "-Dprocession.memoryBytes=1073741824")
            .jvmArguments("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
            .arguments(object, Integer.toString(KILLS), Long.toString(SEED))
            .within(Duration.ofMinutes(2 + KILLS / 500));
    var platform = System.getProperty("procession.os");
    if (platform != null) {
      program.jvmArguments("-Dprocession.os=" + platform);
    }
    var outcome = program.run();
    System.out.print(outcome.output());
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
  }
}
