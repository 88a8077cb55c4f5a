import io.procession.*;

// One function, two children, two inputs: both count at the same time, so their lines may mix, but
// each child's own lines keep their order.

void plusOneToFive(int number) {
  for (int i = 1; i <= 5; i++) {
    IO.println("%d + %d = %d".formatted(number, i, number + i));
  }
}

void main() throws InterruptedException {
  var tens = ChildProcess.start(n -> plusOneToFive(n), 10);
  var hundreds = ChildProcess.start(n -> plusOneToFive(n), 100);
  tens.join();
  hundreds.join();
  IO.println("Main process finished");
}
