package io.procession.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.RemoteException;
import io.procession.testkit.Outcome;
import io.procession.testkit.Program;
import java.net.URI;
import java.nio.file.Path;

/** The ways to run an example. */
enum Way {
  /** {@code java -cp procession.jar Example.java} */
  SCRIPT {
    @Override
    Program program(String example) {
      return Program.script(source(example)).classPath(LIBRARY);
    }
  },

  /** As {@code procession run Example.java} does it. */
  SCRIPT_ON_MODULE_PATH {
    @Override
    Program program(String example) {
      return Program.script(source(example))
          .modulePath(LIBRARY)
          .jvmArguments("--add-modules", "io.procession", "--enable-native-access=io.procession");
    }
  },

  /** As an IDE's Run button does it. */
  COMPILED {
    @Override
    Program program(String example) {
      return Program.main(example).classPath(FOLDER.resolve("target/classes"), LIBRARY);
    }
  };

  /** The folder with the examples; Maven runs the tests in it. */
  static final Path FOLDER = Path.of("").toAbsolutePath();

  /** The root of the source tree. */
  static final Path ROOT = FOLDER.resolve("..").normalize();

  /** The version that the build is making. */
  static final String VERSION = System.getProperty("procession.version", "unknown");

  /** The library's jar; its folder of classes where it is not packaged. */
  static final Path LIBRARY = location(RemoteException.class);

  abstract Program program(String example);

  /** The jar or folder that {@code type} comes from. */
  static Path location(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  static Path source(String example) {
    return FOLDER.resolve(example + ".java");
  }

  /** Runs it; it must end well. */
  Outcome run(String example, String... arguments) throws Exception {
    var outcome = program(example).arguments(arguments).run();
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome;
  }
}
