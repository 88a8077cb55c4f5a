import io.procession.*;
import io.procession.shared.SharedLock;

// Two children print at the same time, first as they like, and their lines mix; then only who has
// the lock prints, and each block stays whole. Which one comes first nobody knows.

void print(int first, int last) throws InterruptedException {
  for (int number = first; number <= last; number++) {
    IO.println(number);
    Thread.sleep(100); // time enough for the other one
  }
}

void printLocked(SharedLock lock, int first, int last) throws InterruptedException {
  lock.lock();
  try {
    print(first, last);
  } finally {
    lock.unlock();
  }
}

void main() throws InterruptedException {
  IO.println("Without a lock:");
  var low = ChildProcess.start((first, last) -> print(first, last), 1, 5);
  var high = ChildProcess.start((first, last) -> print(first, last), 6, 10);
  low.join();
  high.join();

  IO.println("With a lock:");
  try (var lock = SharedLock.create()) {
    low = ChildProcess.start((first, last) -> printLocked(lock, first, last), 1, 5);
    high = ChildProcess.start((first, last) -> printLocked(lock, first, last), 6, 10);
    low.join();
    high.join();
  }
}
