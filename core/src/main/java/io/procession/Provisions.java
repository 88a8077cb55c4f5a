package io.procession;

import org.jspecify.annotations.Nullable;

/**
 * What a pool has around its workers.
 *
 * @param flow how much it takes at a time
 * @param outputs where what each task writes is kept; null if it is not
 * @param maxNested how many workers may be added for tasks that wait for tasks
 * @param sight who is told what happens
 */
record Provisions(Flow flow, @Nullable CapturedWorkers outputs, int maxNested, Sight sight) {}
