import io.procession.*;
import io.procession.shared.SharedQueue;

// A child shares no variables with its parent, so what it has to say goes through a queue. Who
// takes from an empty queue waits until something is there.

void main() throws InterruptedException {
  try (var queue = SharedQueue.<String>create()) {
    var child = ChildProcess.start(() -> queue.put("Hello from process!"));
    IO.println("Message from process: " + queue.take());
    child.join();
  }
}
