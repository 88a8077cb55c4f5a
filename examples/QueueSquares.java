import io.procession.*;
import io.procession.shared.SharedQueue;

// Several children, one queue. Which square comes first nobody knows. Whether the parent takes
// before it joins or after makes no difference here: what was put is in the queue, and its child
// can end, however large it is. (Where the queue is a pipe, a child waits until somebody reads it
// all.)

record Square(int number, byte[] ballast) {}

List<ChildProcess> startChildren(SharedQueue<Square> queue, int ballast) {
  var children = new ArrayList<ChildProcess>();
  for (int n = 1; n <= 5; n++) {
    children.add(ChildProcess.start(i -> queue.put(new Square(i * i, new byte[ballast])), n));
  }
  return children;
}

List<Integer> takeFive(SharedQueue<Square> queue, int ballast) throws InterruptedException {
  var squares = new ArrayList<Integer>();
  for (int i = 0; i < 5; i++) {
    var square = queue.take();
    if (square.ballast.length != ballast) {
      throw new AssertionError("bytes are lost. length=" + square.ballast.length);
    }
    squares.add(square.number);
  }
  return squares;
}

void main() throws InterruptedException {
  try (var queue = SharedQueue.<Square>create()) {
    var children = startChildren(queue, 0);
    IO.println("Taken, then joined: " + takeFive(queue, 0));
    for (var child : children) {
      child.join();
    }

    for (var child : startChildren(queue, 0)) {
      child.join();
    }
    IO.println("Joined, then taken: " + takeFive(queue, 0));

    for (var child : startChildren(queue, 64 << 20)) {
      child.join();
    }
    IO.println("With 64 MB each: " + takeFive(queue, 64 << 20));
  }
}
