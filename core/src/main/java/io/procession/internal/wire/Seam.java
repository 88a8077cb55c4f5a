package io.procession.internal.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A point that each {@link Step} of a protocol passes, where a test can end the process or look.
 *
 * <p>Without the system property {@value #PROPERTY} it costs nothing. With it:
 *
 * <ul>
 *   <li>{@code step:count} ends this process, with no hook or handler run, when the named step is
 *       passed for the count-th time;
 *   <li>{@code step:count@directory} does so only if there is a file {@code token…} left in the
 *       directory, which it renames to {@code died-<pid>}: so a test says how many processes of a
 *       family die, and learns which;
 *   <li>{@code install} lets a test in this process {@link #install} a function.
 * </ul>
 *
 * <p>Children do not inherit the property.
 */
public final class Seam {
  /** The system property that arms the seam. */
  public static final String PROPERTY = "procession.seam";

  /** The exit code of a process that ended at its seam: as a shell shows one that was killed. */
  public static final int EXIT_CODE = 137;

  /** What the name of a file that allows one death begins with. */
  public static final String TOKEN = "token";

  /** What the name of a token begins with after the death; the process id follows. */
  public static final String DIED = "died-";

  private static final String INSTALL = "install";
  private static final Pattern FATAL =
      Pattern.compile("(?<step>[^:]+):(?<count>[1-9]\\d{0,17})(@(?<directory>.+))?");

  private static final @Nullable String SETTING = System.getProperty(PROPERTY);
  private static final boolean ARMED = SETTING != null;
  private static volatile Consumer<Step> hook = SETTING == null ? step -> {} : parse(SETTING);

  private Seam() {}

  /** Passes a step. */
  public static void at(Step step) {
    if (ARMED) {
      hook.accept(step);
    }
  }

  /**
   * Lets {@code observer} see every step from now on, on the threads that pass them.
   *
   * @throws IllegalStateException unless {@value #PROPERTY} is {@code install}
   */
  public static void install(Consumer<Step> observer) {
    if (!INSTALL.equals(SETTING)) {
      throw new IllegalStateException(
          "the seam is not open: start this JVM with -D" + PROPERTY + "=" + INSTALL);
    }
    hook = observer;
  }

  static Consumer<Step> parse(String setting) {
    if (setting.equals(INSTALL)) {
      return step -> {};
    }
    var parts = FATAL.matcher(setting);
    var fatal =
        parts.matches()
            ? Stream.of(Step.values())
                .filter(step -> step.toString().equals(parts.group("step")))
                .findAny()
            : Optional.<Step>empty();
    if (fatal.isEmpty()) {
      throw new IllegalArgumentException(
          "the seam is set by step:count, step:count@directory or install; "
              + PROPERTY
              + "="
              + setting);
    }
    var left = new AtomicLong(Long.parseLong(parts.group("count")));
    var directory = parts.group("directory");
    return step -> {
      if (step == fatal.get()
          && left.decrementAndGet() == 0
          && (directory == null || takesToken(Path.of(directory)))) {
        Runtime.getRuntime().halt(EXIT_CODE);
      }
    };
  }

  private static boolean takesToken(Path directory) {
    var died = directory.resolve(DIED + ProcessHandle.current().pid());
    try (var tokens = Files.newDirectoryStream(directory, TOKEN + "*")) {
      for (var token : tokens) {
        if (moved(token, died)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("the tokens cannot be read. directory=" + directory, e);
    }
  }

  private static boolean moved(Path token, Path died) throws IOException {
    try {
      Files.move(token, died);
      return true;
    } catch (NoSuchFileException _) {
      return false; // another process was faster
    }
  }
}
