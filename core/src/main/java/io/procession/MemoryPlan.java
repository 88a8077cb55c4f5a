package io.procession;

import java.util.List;

/**
 * How the memory of one worker is divided.
 *
 * <pre>
 *   │ JVM: code, threads … │ metaspace │ direct buffers │ heap …                        │
 *     48 MiB and a 16th      an eighth   an eighth        the rest
 * </pre>
 *
 * @param heapBytes the largest heap
 * @param metaspaceBytes the most for classes
 * @param directBytes the most for direct buffers
 */
record MemoryPlan(long heapBytes, long metaspaceBytes, long directBytes) {

  private static final long MEBIBYTE = 1 << 20;

  /** With less a JVM spends its time on collecting garbage. */
  private static final long LEAST_BYTES = 128 * MEBIBYTE;

  private static final long JVM_BYTES = 48 * MEBIBYTE;

  /** What the classes of a small program need. */
  private static final long LEAST_METASPACE_BYTES = 24 * MEBIBYTE;

  static long check(long memoryBytes) {
    if (memoryBytes < LEAST_BYTES) {
      throw new IllegalArgumentException(
          "a worker process needs at least 128 MiB in all. memoryBytes=" + memoryBytes);
    }
    return memoryBytes;
  }

  /**
   * Divides the memory.
   *
   * @param heapBytes the heap that is wanted; 0 to derive it
   * @throws IllegalArgumentException if the heap is not smaller than the memory
   */
  static MemoryPlan of(long memoryBytes, long heapBytes) {
    if (heapBytes >= memoryBytes) {
      throw new IllegalArgumentException(
          "the heap is a part of a worker's memory, and must be smaller. heapBytes=%d memoryBytes=%d"
              .formatted(heapBytes, memoryBytes));
    }
    var metaspace = Math.max(LEAST_METASPACE_BYTES, memoryBytes / 8);
    var direct = memoryBytes / 8;
    var rest = memoryBytes - JVM_BYTES - memoryBytes / 16 - metaspace - direct;
    return new MemoryPlan(heapBytes > 0 ? heapBytes : rest, metaspace, direct);
  }

  List<String> jvmArguments() {
    return List.of(
        "-Xmx" + heapBytes,
        "-XX:MaxMetaspaceSize=" + metaspaceBytes,
        "-XX:MaxDirectMemorySize=" + directBytes);
  }
}
