import io.procession.*;

// Threads share their program's memory, processes do not. A child has a copy of what was given to
// it and static variables of its own: what it does to them, nobody else sees.

static int value = 1;

static void change(String who) {
  value = 42;
  IO.println("%s set it to %d in pid %d".formatted(who, value, ProcessHandle.current().pid()));
}

static void show(String when) {
  IO.println("%s it is %d in pid %d".formatted(when, value, ProcessHandle.current().pid()));
}

void main() throws InterruptedException {
  show("At first");

  var child = ChildProcess.start(() -> change("A child"));
  child.join();
  show("After the child");

  var thread = Thread.ofPlatform().start(() -> change("A thread"));
  thread.join();
  show("After the thread");
}
