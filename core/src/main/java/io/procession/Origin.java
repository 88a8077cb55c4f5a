package io.procession;

import java.util.ArrayList;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/**
 * A task that submits others, in a pool of this process.
 *
 * @param pool its pool
 * @param slot its worker
 * @param task its number within the pool; 0 if that is not known
 * @param nest what it is itself nested in
 */
record Origin(Nesting pool, Slot slot, long task, Nest nest) {

  /** The nearest task of that pool: this one, or one that may be waiting for it; null if none. */
  @SuppressWarnings("ReferenceEquality") // the same pool is meant
  @Nullable Origin in(Nesting wanted) {
    for (var each = this; each != null; each = each.nest.origin()) {
      if (each.pool == wanted) {
        return each;
      }
    }
    return null;
  }

  /** Who waits for whom, down to this one, as a text. */
  String chain() {
    var places = new ArrayList<String>();
    for (var each = this; each != null; each = each.nest.origin()) {
      places.add(each.place());
    }
    Collections.reverse(places);
    return String.join(" > ", places);
  }

  private String place() {
    var what = task == 0 ? "no task" : "task " + task;
    return "%s in %s (pid %d)".formatted(what, slot.name, slot.worker().pid());
  }
}
