package io.procession.internal.os;

/**
 * One line of {@code procession doctor}.
 *
 * @param name what was looked at
 * @param ok whether it works here
 * @param detail what was found
 * @param remedy what to do about it; empty when nothing needs doing
 */
public record Check(String name, boolean ok, String detail, String remedy) {

  /** A thing that works. */
  public static Check passed(String name, String detail) {
    return new Check(name, true, detail, "");
  }

  /** A thing that does not work, and what to do about it. */
  public static Check failed(String name, String detail, String remedy) {
    return new Check(name, false, detail, remedy);
  }
}
