import io.procession.*;

// Nobody joins these children. `main` goes on at once, so its line comes before theirs end. The
// program itself then waits for the ordinary child, whose line is the last. It does not wait for
// the daemon, which ends with the program and never comes to its second line.

void work(String who, double seconds) throws InterruptedException {
  IO.println(who + " started");
  Thread.sleep(Duration.ofMillis((long) (seconds * 1000)));
  IO.println(who + " finished");
}

void main() {
  ChildProcess.builder().daemon(true).start(() -> work("The daemon", 60));
  ChildProcess.start(() -> work("The ordinary child", 2));
  IO.println("Main is done");
}
