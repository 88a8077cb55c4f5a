package io.procession;

import io.procession.function.RemoteBiFunction;
import io.procession.function.RemoteFunction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A {@code reduce}: consecutive items are combined in groups, then the results of the groups, until
 * one is left. All of it happens in the workers.
 *
 * @param pool runs the groups, each as one item
 * @param combine of two neighbours makes one
 * @param workers how many groups can be combined at once
 * @param groupSize how many items make a group; 0: few at first, then more
 */
record Reduction<U extends @Nullable Object>(
    Pool pool,
    RemoteBiFunction<? super U, ? super U, ? extends U> combine,
    int workers,
    int groupSize) {

  private static final int LARGEST_GROUP = 1024;

  /** A group of items, and what they are added to. */
  record Group<U extends @Nullable Object, T extends @Nullable Object>(U start, List<T> items) {}

  /** Combines the items of a group, of which there is one at the least. */
  record Fold<U extends @Nullable Object>(
      RemoteBiFunction<? super U, ? super U, ? extends U> function)
      implements RemoteFunction<List<U>, U>, Bound {
    @Override
    public U apply(List<U> items) throws Exception {
      var all = items.iterator();
      var result = all.next();
      while (all.hasNext()) {
        result = function.apply(result, all.next());
      }
      return result;
    }
  }

  /** Adds the items of a group to its start. */
  record Accumulation<U extends @Nullable Object, T extends @Nullable Object>(
      RemoteBiFunction<? super U, ? super T, ? extends U> function)
      implements RemoteFunction<Group<U, T>, U>, Bound {
    @Override
    public U apply(Group<U, T> group) throws Exception {
      var result = group.start;
      for (var items = group.items.iterator(); items.hasNext(); ) {
        result = function.apply(result, items.next());
      }
      return result;
    }
  }

  Optional<U> reduce(Iterable<? extends U> items) {
    Iterable<List<U>> groups = () -> new Groups<>(items.iterator());
    var results = pool.map(new Fold<>(combine), groups);
    return results.isEmpty() ? Optional.empty() : Optional.of(combineAll(results));
  }

  <T extends @Nullable Object> U reduce(
      U identity,
      RemoteBiFunction<? super U, ? super T, ? extends U> accumulate,
      Iterable<? extends T> items) {
    Iterable<Group<U, T>> groups =
        () -> {
          var lists = new Groups<T>(items.iterator());
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return lists.hasNext();
            }

            @Override
            public Group<U, T> next() {
              return new Group<>(identity, lists.next());
            }
          };
        };
    var results = pool.map(new Accumulation<U, T>(accumulate), groups);
    return results.isEmpty() ? identity : combineAll(results);
  }

  private U combineAll(List<U> results) {
    var left = results;
    while (left.size() > 1) {
      var size = left.size() > 2 * workers ? (left.size() + workers - 1) / workers : left.size();
      var groups = new ArrayList<List<U>>();
      for (var from = 0; from < left.size(); from += size) {
        groups.add(new ArrayList<>(left.subList(from, Math.min(left.size(), from + size))));
      }
      left = pool.map(new Fold<>(combine), groups);
    }
    return left.getFirst();
  }

  /** Groups that grow: few items keep all workers busy, many cost little on their way. */
  private final class Groups<T extends @Nullable Object> implements Iterator<List<T>> {

    private final Iterator<? extends T> items;
    private int count;
    private int size = groupSize == 0 ? 2 : groupSize;

    Groups(Iterator<? extends T> items) {
      this.items = items;
    }

    @Override
    public boolean hasNext() {
      return items.hasNext();
    }

    @Override
    public List<T> next() {
      var group = new ArrayList<T>();
      do {
        group.add(items.next());
      } while (group.size() < size && items.hasNext());
      if (groupSize == 0 && ++count % (4 * workers) == 0) {
        size = Math.min(2 * size, LARGEST_GROUP);
      }
      return group;
    }
  }
}
