import io.procession.*;

// Which learning rate, how many neurons? Every combination is a task that trains a small network
// from scratch. Results are looked at as they come; the first that is good enough stops the search:
// what waits is dropped, and what runs is ended, at once, with its worker.
//
//   ModelSearch [percent | all]      stops at so many percent right, 97 by default, or never

record Choice(int neurons, double rate, int seed) {}

record Result(Choice choice, double validated, double tested) {}

record Points(double[][] at, boolean[] upper) {}

/** Two half moons that reach into each other, a little blurred. */
Points moons(int count, long seed) {
  var random = new Random(seed);
  var points = new Points(new double[count][], new boolean[count]);
  for (int i = 0; i < count; i++) {
    double angle = Math.PI * random.nextDouble();
    boolean upper = random.nextBoolean();
    points.upper[i] = upper;
    points.at[i] =
        new double[] {
          (upper ? Math.cos(angle) : 1 - Math.cos(angle)) + 0.15 * random.nextGaussian(),
          (upper ? Math.sin(angle) : 0.5 - Math.sin(angle)) + 0.15 * random.nextGaussian()
        };
  }
  return points;
}

/** One hidden layer; of each neuron the two weights in, its bias, and its weight out. */
record Network(double[][] neurons, double[] bias) {

  static double hidden(double[] neuron, double[] point) {
    return Math.tanh(neuron[0] * point[0] + neuron[1] * point[1] + neuron[2]);
  }

  /** How likely the point is on the upper moon. */
  double apply(double[] point) {
    double sum = bias[0];
    for (var neuron : neurons) {
      sum += neuron[3] * hidden(neuron, point);
    }
    return 1 / (1 + Math.exp(-sum));
  }

  void learn(double[] point, boolean upper, double rate) {
    double step = rate * ((upper ? 1 : 0) - apply(point));
    bias[0] += step;
    for (var neuron : neurons) {
      double hidden = hidden(neuron, point);
      double inner = step * neuron[3] * (1 - hidden * hidden);
      neuron[3] += step * hidden;
      neuron[0] += inner * point[0];
      neuron[1] += inner * point[1];
      neuron[2] += inner;
    }
  }

  double percentRight(Points points) {
    int right = 0;
    for (int i = 0; i < points.at.length; i++) {
      right += apply(points.at[i]) > 0.5 == points.upper[i] ? 1 : 0;
    }
    return 100.0 * right / points.at.length;
  }
}

/** Trains with some points, compares with others, and tests with points of which nothing knew. */
Result train(Choice choice) {
  var random = new Random(choice.seed);
  var neurons = new double[choice.neurons][];
  Arrays.setAll(neurons, i -> random.doubles(4, -1, 1).toArray());
  var network = new Network(neurons, new double[1]);
  var training = moons(500, 1);
  for (int round = 0; round < 400; round++) {
    for (int i = 0; i < training.at.length; i++) {
      network.learn(training.at[i], training.upper[i], choice.rate);
    }
  }
  return new Result(
      choice, network.percentRight(moons(1000, 2)), network.percentRight(moons(1000, 3)));
}

void main(String[] arguments) {
  var argument = arguments.length == 0 ? "97" : arguments[0];
  if (arguments.length > 1 || !argument.matches("all|[0-9]{1,2}|100")) {
    System.err.println("ModelSearch takes the percent to stop at, 0 to 100, or: ModelSearch all");
    System.exit(2);
  }
  double goodEnough = argument.equals("all") ? Double.MAX_VALUE : Integer.parseInt(argument);

  var grid = new ArrayList<Choice>();
  for (int neurons : List.of(1, 2, 4, 8, 16)) {
    for (double rate : List.of(0.0001, 0.001, 0.01, 0.1)) {
      for (int seed = 0; seed < 2; seed++) {
        grid.add(new Choice(neurons, rate, seed));
      }
    }
  }
  var results = new ArrayList<Result>();
  int cancelled = 0;
  long start = System.nanoTime();
  try (var pool = Pool.ofProcesses()) {
    var tasks = pool.withChunkSize(1).mapAsync(choice -> train(choice), grid);
    for (var task : pool.asCompleted(tasks)) {
      if (task.isCancelled()) {
        cancelled++;
        continue;
      }
      results.add(task.join());
      if (task.join().validated >= goodEnough) {
        tasks.forEach(other -> other.cancel(true));
      }
    }
  }
  double seconds = (System.nanoTime() - start) / 1e9;

  results.sort(
      Comparator.comparingDouble(Result::validated)
          .reversed()
          .thenComparing(result -> grid.indexOf(result.choice)));
  for (var result : results.subList(0, Math.min(5, results.size()))) {
    IO.println("%5.1f %% right with %s".formatted(result.validated, result.choice));
  }
  IO.println("the first has %.1f %% of the test right".formatted(results.getFirst().tested));
  IO.println(
      "%d of %d tried, %d cancelled, in %.2f s"
          .formatted(results.size(), grid.size(), cancelled, seconds));
}
