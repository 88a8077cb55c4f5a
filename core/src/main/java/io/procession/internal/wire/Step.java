package io.procession.internal.wire;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * Every step of the protocols that a process can die at, in the order in which a worker passes them
 * first; {@link Seam} says how to have it die there.
 */
public enum Step {

  // A child's birth

  /** It knows who it is, and its life is tied to its parent's. */
  CHILD_BORN,

  /** It has said in the shared memory that it takes requests, and not yet rung. */
  CHILD_READY,

  // A request

  /** The worker sees a request. */
  REQUEST_READ,

  /** It has mapped a segment of its parent's. */
  SEGMENT_ATTACHED,

  /** It has read a function that calls will name. */
  FUNCTION_DEFINED,

  /** It has claimed a call: from now on the call has started. */
  CALL_STARTED,

  /** The call has returned or thrown; nobody knows. */
  CALL_ENDED,

  /** There is room for the result. */
  RESULT_CLAIMED,

  /** The result is written as a whole, and not committed. */
  RESULT_WRITTEN,

  /** The result is committed. */
  RESULT_PUBLISHED,

  /** The parent was rung for results. */
  PARENT_TOLD,

  /** The request was given back. */
  REQUEST_RELEASED,

  // A large result

  /** The parent has granted a segment, which is not mapped yet. */
  LEASE_GRANTED,

  /** A leased segment was given back, because it was too small. */
  LEASE_RETURNED,

  // Control

  /** A question is on its way. */
  QUESTION_ASKED,

  /** The answer is here, and whoever asked does not know yet. */
  QUESTION_ANSWERED,

  /** A piece of a control message is written and not committed. */
  PIECE_WRITTEN,

  /** A piece of a control message is committed. */
  PIECE_PUBLISHED,

  /** A segment that the parent uses no more was unmapped. */
  SEGMENT_FORGOTTEN,

  // Any ring, on either side

  /** There is room for a record. */
  RING_CLAIMED,

  /** Records are written and not committed. */
  RING_WRITTEN,

  /** Records are committed. */
  RING_PUBLISHED,

  /** Records were given back. */
  RING_RELEASED,

  // A worker's end

  /** It is to go and has not begun to. */
  CHILD_RETIRED,

  // A family's roster

  /** A process has a slot, and has not said more about itself. */
  SLOT_CLAIMED,

  /** A death is marked, and nobody rung. */
  DEATH_MARKED,

  /** The slot of a dead process has its next generation, and is not free. */
  GENERATION_RAISED,

  // Waiting

  /** A waiter's process is listed in a wait word. */
  WAITER_LISTED,

  /** A waiter's process is taken off the list and not yet rung. */
  WAITER_TAKEN,

  /** What a mutex guards is done, and the mutex still held. */
  MUTEX_LEFT,

  // A family's heap

  /** A free block is announced, and still linked. */
  BLOCK_ANNOUNCED,

  /** A free block is unlinked. */
  BLOCK_UNLINKED,

  /** A block beyond the heap's end has a size. */
  BLOCK_SIZED,

  /** A block has an id and a holder; it is still announced. */
  BLOCK_MADE,

  /** A process is a block's holder. */
  BLOCK_HELD,

  /** A process is a block's holder no more. */
  BLOCK_LEFT,

  /** A block that nobody holds has lost its id. */
  BLOCK_UNMADE,

  /** A free block names the next one, and is not linked itself. */
  BLOCK_LINKED,

  // A shared queue

  /** A larger or smaller ring holds what the old one holds. */
  RING_COPIED,

  /** The new ring is the queue's, and the old one not free. */
  RING_REPLACED,

  /** An element is written, and nothing else. */
  ELEMENT_WRITTEN,

  /** It is said what will be when it is committed. */
  ELEMENT_INTENDED,

  /** An element is committed, put or taken, and not counted. */
  ELEMENT_COMMITTED,

  /** An element is copied, to be taken. */
  ELEMENT_COPIED,

  /** It is said what will be when it is taken. */
  TAKING_INTENDED,

  /** It is said that an element will be removed from the middle. */
  REMOVAL_INTENDED,

  /** An element is leased, and still in the queue. */
  ELEMENT_LEASED,

  /** A lease is over, and still counted. */
  LEASE_ENDED,

  // Shared locks and their like

  /** A lock has an owner, who does not know yet. */
  LOCK_TAKEN,

  /** A dead owner's lock has a new owner, and is not yet marked as inherited. */
  LOCK_INHERITED,

  /** The owner is about to free the lock. */
  LOCK_LEFT,

  /** The lock is free, and nobody rung. */
  LOCK_FREED,

  /** A ticket was taken, and nobody sees it. */
  TICKET_TAKEN,

  /** The first ticket of a process is seen by all. */
  TICKET_SHOWN,

  /** A process is counted among those that wait for a condition; it still has the lock. */
  CONDITION_ENTERED,

  /** A signal was given to a process, which is not rung. */
  CONDITION_SIGNALLED,

  /** A thread has used up a signal. */
  CONDITION_LEFT,

  /** Permits were charged to a process, within the mutex. */
  PERMITS_TAKEN,

  /** The permits that a process gives back beyond its own are there. */
  PERMITS_ADDED,

  /** The permits that a process had are no longer charged to it. */
  PERMITS_RETURNED,

  /** A process has one read hold more, or less, within the mutex. */
  READERS_COUNTED,

  /** A read-write lock has a writer, within the mutex. */
  WRITER_SET,

  /** The death of a writer is marked, and it is still the writer. */
  WRITER_DEATH_MARKED,

  /** A read-write lock has no writer any more, within the mutex. */
  WRITER_CLEARED,

  /** An event was set, and nobody rung. */
  EVENT_SET,

  /** A latch was counted down, and nobody rung. */
  LATCH_COUNTED,

  /** A party was counted at a barrier. */
  BARRIER_ARRIVED,

  /** The last party has arrived, and is about to run the action. */
  BARRIER_RUNNING,

  /** The next generation of a barrier is prepared, and has not begun. */
  BARRIER_PREPARED,

  /** The next generation of a barrier has begun, and nobody was rung. */
  BARRIER_TRIPPED,

  /** A barrier is broken, and nobody was rung. */
  BARRIER_BROKEN,

  // All that a family shares

  /** A word is about to be written: so a process can die between any two stores. */
  STORE_DUE;

  /** The steps of a pool's and its workers' protocols. */
  public static final Set<Step> OF_CALLS =
      Collections.unmodifiableSet(EnumSet.range(CHILD_BORN, CHILD_RETIRED));

  private final String label = name().toLowerCase(Locale.ROOT).replace('_', '.');

  /** How a setting names it: {@code part.step}. */
  @Override
  public String toString() {
    return label;
  }
}
