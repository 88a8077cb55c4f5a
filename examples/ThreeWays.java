import io.procession.*;
import io.procession.async.*;

// Digits and letters, printed with a second's sleep between them, in three ways. Threads and
// processes run at the same time, and their lines mix as it happens. Tasks of one event loop take
// turns, and only where they wait: their lines alternate, every time.
//
//   ThreeWays [milliseconds]

static void print(String way, String characters, int millis) throws InterruptedException {
  for (char character : characters.toCharArray()) {
    IO.println(way + " " + character);
    Thread.sleep(millis);
  }
}

void printInLoop(EventLoop loop, String characters, int millis) {
  for (char character : characters.toCharArray()) {
    IO.println("loop " + character);
    loop.sleep(Duration.ofMillis(millis)); // the other task has its turn
  }
}

void inThreads(String digits, String letters, int millis) {
  try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
    threads.submit(() -> {
      print("thread", digits, millis);
      return null;
    });
    threads.submit(() -> {
      print("thread", letters, millis);
      return null;
    });
  } // waits for both
}

void inProcesses(String digits, String letters, int millis) throws InterruptedException {
  var one = ChildProcess.start(text -> print("process", text, millis), digits);
  var two = ChildProcess.start(text -> print("process", text, millis), letters);
  one.join();
  two.join();
}

void inLoop(String digits, String letters, int millis) {
  EventLoop.execute(loop -> {
    var one = loop.createTask(() -> printInLoop(loop, digits, millis));
    var two = loop.createTask(() -> printInLoop(loop, letters, millis));
    loop.gather(one, two);
  });
}

void main(String[] arguments) throws InterruptedException {
  if (!String.join(" ", arguments).matches("[0-9]{0,5}")) {
    System.err.println("ThreeWays takes how many milliseconds to sleep, as in: ThreeWays 500");
    System.exit(2);
  }
  int millis = arguments.length == 0 ? 1000 : Integer.parseInt(arguments[0]);
  inThreads("12345", "abcde", millis);
  inProcesses("12345", "abcde", millis);
  inLoop("12345", "abcde", millis);
}
