package io.procession.internal.wire;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A point that each step of a protocol passes, where a test can end the process or look.
 *
 * <p>Without the system property {@value #PROPERTY} it costs nothing. The value {@code step:count}
 * ends this process, with no hook or handler run, when the named step is passed for the count-th
 * time; {@code install} lets a test in this process {@link #install} a function.
 */
public final class Seam {
  /** The system property that arms the seam. */
  public static final String PROPERTY = "procession.seam";

  /** The exit code of a process that ended at its seam: as a shell shows one that was killed. */
  public static final int EXIT_CODE = 137;

  private static final String INSTALL = "install";

  private static final @Nullable String SETTING = System.getProperty(PROPERTY);
  private static final boolean ARMED = SETTING != null;
  private static volatile Consumer<String> hook = SETTING == null ? step -> {} : parse(SETTING);

  private Seam() {}

  /** Passes a step; names are {@code part.step}, lower case. */
  public static void at(String step) {
    if (ARMED) {
      hook.accept(step);
    }
  }

  /**
   * Lets {@code observer} see every step from now on, on the threads that pass them.
   *
   * @throws IllegalStateException unless {@value #PROPERTY} is {@code install}
   */
  public static void install(Consumer<String> observer) {
    if (!INSTALL.equals(SETTING)) {
      throw new IllegalStateException(
          "the seam is not open: start this JVM with -D" + PROPERTY + "=" + INSTALL);
    }
    hook = observer;
  }

  static Consumer<String> parse(String setting) {
    if (setting.equals(INSTALL)) {
      return step -> {};
    }
    var colon = setting.lastIndexOf(':');
    if (colon <= 0 || !setting.substring(colon + 1).matches("[1-9]\\d{0,17}")) {
      throw new IllegalArgumentException(
          "the seam is set by step:count or by install; " + PROPERTY + "=" + setting);
    }
    var fatal = setting.substring(0, colon);
    var left = new AtomicLong(Long.parseLong(setting.substring(colon + 1)));
    return step -> {
      if (step.equals(fatal) && left.decrementAndGet() == 0) {
        Runtime.getRuntime().halt(EXIT_CODE);
      }
    };
  }
}
