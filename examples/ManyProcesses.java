import io.procession.*;

// Several children from one loop, each with an argument of its own. All are started before the
// first is joined, so they run at the same time: three seconds of work take about one.

void work(int number) throws InterruptedException {
  IO.println("Process " + number + " started");
  Thread.sleep(1000);
  IO.println("Process " + number + " finished");
}

void main() throws InterruptedException {
  var children = new ArrayList<ChildProcess>();
  for (int number = 1; number <= 3; number++) {
    children.add(ChildProcess.unstarted(n -> work(n), number));
  }
  for (var child : children) {
    child.start();
  }
  for (var child : children) {
    child.join();
  }
  IO.println("Main process finished");
}
