package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.testkit.NoLeaks;
import io.procession.testkit.Program;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The window of the recipes, without the window: its panel works where there is no display. */
@NoLeaks
class SwingRecipeTest {

  @TempDir Path directory;

  @Test
  void thePanelCountsAndStopsWhileSwingGoesOn() throws Exception {
    var recipe =
        SnippetsTest.snippets().stream()
            .filter(snippet -> snippet.source().contains("JPanel panel("))
            .findFirst()
            .orElseThrow();
    SnippetsTest.compile(List.of(recipe), directory);

    var outcome =
        Program.main(SwingRecipeRunner.class.getName())
            .classPath(directory, Way.LIBRARY, Way.location(SwingRecipeRunner.class))
            .jvmArguments("--enable-native-access=ALL-UNNAMED", "-Djava.awt.headless=true")
            .arguments(recipe.name())
            .run();

    assertThat(outcome.lines())
        .as("%s", outcome)
        .containsExactly(
            "168 primes",
            "while it counts Swing goes on, and it is disabled",
            "stopped",
            "then it is enabled",
            "168 primes with the same pool");
    assertThat(outcome.exitCode()).isZero();
  }
}
