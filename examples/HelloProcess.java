import io.procession.*;

// One child process. It runs beside this program until `join` waits for it, as `Thread.join` waits
// for a thread. Only `sayHello` runs in the child: its JVM never runs this `main`.

void sayHello() throws InterruptedException {
  IO.println("Child process started");
  Thread.sleep(1000); // one second of work
  IO.println("Child process finished");
}

void main() throws InterruptedException {
  var child = ChildProcess.start(() -> sayHello());
  child.join();
  IO.println("Main process finished");
}
