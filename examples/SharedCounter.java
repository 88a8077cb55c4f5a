import io.procession.*;
import io.procession.function.RemoteConsumer;
import io.procession.shared.SharedLatch;
import io.procession.shared.SharedLock;
import io.procession.shared.SharedLong;

// Two children add to one number, which is in memory that they share. To read it, add 1 and write
// it back are three steps: what the other one writes in between is lost. Under a lock nobody comes
// in between; and for so small a thing there is one that cannot be divided.

static final int TIMES = 100_000;

void addPlainly(SharedLong number) {
  for (int i = 0; i < TIMES; i++) {
    number.set(number.get() + 1);
  }
}

void addLocked(SharedLong number, SharedLock lock) {
  for (int i = 0; i < TIMES; i++) {
    lock.lock();
    try {
      number.set(number.get() + 1);
    } finally {
      lock.unlock();
    }
  }
}

void addAtomically(SharedLong number) {
  for (int i = 0; i < TIMES; i++) {
    number.incrementAndGet();
  }
}

/** Two children do it, and neither starts before the other. */
long total(RemoteConsumer<SharedLong> adding) throws InterruptedException {
  try (var number = SharedLong.create(0);
      var ready = SharedLatch.create(2)) {
    var children = new ArrayList<ChildProcess>();
    for (int i = 0; i < 2; i++) {
      children.add(
          ChildProcess.start(() -> {
            ready.countDown();
            ready.await();
            adding.accept(number);
          }));
    }
    for (var child : children) {
      child.join();
    }
    return number.get();
  }
}

void main() throws InterruptedException {
  long plainly = total(number -> addPlainly(number));
  IO.println("plainly       %6d, %d updates were lost".formatted(plainly, 2 * TIMES - plainly));
  try (var lock = SharedLock.create()) {
    IO.println("under a lock  %6d".formatted(total(number -> addLocked(number, lock))));
  }
  IO.println("atomically    %6d".formatted(total(number -> addAtomically(number))));
}
