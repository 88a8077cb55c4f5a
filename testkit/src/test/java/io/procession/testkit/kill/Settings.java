package io.procession.testkit.kill;

/** How much these tests do; little, unless a system property asks for more. */
final class Settings {

  /** {@code procession.kills}: how many workers are killed, at least. */
  static final int KILLS = Integer.getInteger("procession.kills", 40);

  /** {@code procession.parents}: how many parents are killed at random moments. */
  static final int PARENTS = Integer.getInteger("procession.parents", 12);

  /** {@code procession.chaos}: how long everything happens at once, in seconds. */
  static final int CHAOS_SECONDS = Integer.getInteger("procession.chaos", 10);

  /** {@code procession.seed}: repeats the choices of a run that printed it. */
  static final long SEED = Long.getLong("procession.seed", System.nanoTime());

  /** Whether the library is forced to do without native calls. */
  static final boolean IS_PORTABLE = "portable".equals(System.getProperty("procession.os"));

  private Settings() {}

  /** For the lines that these tests print. */
  static String platform() {
    return IS_PORTABLE ? "portable" : "native";
  }
}
