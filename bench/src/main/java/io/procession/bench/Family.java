package io.procession.bench;

import java.util.Locale;

/** Workloads that belong together: one part of the page, one picture. */
public enum Family {
  STARTUP,
  POOLS,
  DATA,
  QUEUES,
  SHARED,
  LOOP,
  WORK;

  /** The word for it on the command line and in names of files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
