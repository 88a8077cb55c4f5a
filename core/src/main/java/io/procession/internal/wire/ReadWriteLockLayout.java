package io.procession.internal.wire;

/**
 * A reentrant read-write lock. Which threads of a process read or write, and how often, only the
 * process knows.
 *
 * <pre>
 *      0  mutex and its wait word
 *    256  writer: reference to a process, long │ 264  inherited, int
 *    384  wait word of readers
 *    512  wait word of writers
 *    640  how many threads of each process read, 1024 ×
 *  8 832  how many of each wait to write, 1024 ×
 * </pre>
 *
 * <p>All is written within the mutex, which orders it, and each change is one store; others look
 * without, and only to see whether there is reason to enter it. The numbers of a dead process are
 * 0. A writer that died is marked as inherited before it is replaced; one of {@link #ABANDONED}
 * counts as dead.
 */
public final class ReadWriteLockLayout {

  public static final long MUTEX = 0;
  public static final long WRITER = 256;
  public static final long INHERITED = 264;
  public static final long READERS_WAIT = 384;
  public static final long WRITERS_WAIT = 512;
  public static final long READERS = 640;
  public static final long WAITING_WRITERS = READERS + FamilyLayout.SLOTS * (long) Long.BYTES;
  public static final long BYTES = WAITING_WRITERS + FamilyLayout.SLOTS * (long) Long.BYTES;

  /** The writer's word of a lock that has none. */
  public static final long FREE = 0;

  /** The writer's word of a lock whose writer closed it. */
  public static final long ABANDONED = -1;

  private ReadWriteLockLayout() {}
}
