package io.procession.status;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a worker of a pool was doing.
 *
 * @param name its name
 * @param pid its process id; 0 if it had none yet
 * @param state {@code STARTING}, {@code SPARE}, {@code IDLE}, {@code BUSY} or {@code ENDING}
 * @param started when it was started
 * @param tasksDone how many tasks it had ended
 * @param task the number of the task that it was running; 0 if it ran none
 * @param taskSince since when; null if it ran none
 * @param residentBytes how much memory it had in use; 0 where that is not known
 */
public record WorkerStatus(
    String name,
    long pid,
    String state,
    Instant started,
    long tasksDone,
    long task,
    @Nullable Instant taskSince,
    long residentBytes) {}
