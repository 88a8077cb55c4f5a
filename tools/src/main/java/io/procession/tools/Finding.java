package io.procession.tools;

import io.procession.internal.os.Check;

/**
 * A line of {@code procession doctor}.
 *
 * @param level how bad it is
 * @param name what was looked at
 * @param detail what was found
 * @param remedy what to do about it; empty when nothing needs doing
 */
record Finding(Level level, String name, String detail, String remedy) {

  /** How bad it is. */
  enum Level {
    /** As it should be. */
    OK,
    /** Procession works, but slower or less. */
    WARN,
    /** Procession does not work. */
    FAIL
  }

  static Finding ok(String name, String detail) {
    return new Finding(Level.OK, name, detail, "");
  }

  static Finding warn(String name, String detail, String remedy) {
    return new Finding(Level.WARN, name, detail, remedy);
  }

  static Finding fail(String name, String detail, String remedy) {
    return new Finding(Level.FAIL, name, detail, remedy);
  }

  /** The platform has a slower way around whatever is missing, so it is never a failure. */
  static Finding of(Check check) {
    return check.ok()
        ? ok(check.name(), check.detail())
        : warn(check.name(), check.detail(), check.remedy());
  }

  String line() {
    var text = "%-5s %-15s %s".formatted(level == Level.OK ? "ok" : level, name, detail);
    return remedy.isEmpty() ? text : text + "; remedy: " + remedy;
  }
}
