package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each case is written here, read, checked and written in another JVM, and read here again. */
class OtherProcessTest {

  private static final List<Cases.Case> CASES = Cases.all();

  @TempDir static Path directory;

  @BeforeAll
  static void sendThereAndBack() throws Exception {
    for (var i = 0; i < CASES.size(); i++) {
      Files.write(directory.resolve(i + ".there"), Messages.write(CASES.get(i).value().get()));
    }
    OtherJvm.main(directory, CaseReader.class, directory.toString());
  }

  static Stream<Arguments> cases() {
    return IntStream.range(0, CASES.size()).mapToObj(i -> Arguments.of(i, CASES.get(i)));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("cases")
  void survives(int index, Cases.Case tested) throws Exception {
    var error = directory.resolve(index + ".error");
    assertThat(Files.exists(error) ? Files.readString(error) : "").isEmpty();
    tested.check().check(Messages.read(Files.readAllBytes(directory.resolve(index + ".back"))));
  }
}
