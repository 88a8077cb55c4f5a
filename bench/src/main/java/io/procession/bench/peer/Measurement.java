package io.procession.bench.peer;

/** One operation with its parameters, ready to be measured as often as the driver likes. */
@FunctionalInterface
interface Measurement {

  /** Measures for about this long, at least once. */
  Sample measure(double seconds) throws Exception;

  /** Does the same for about this long, so that what is compiled late is compiled. */
  default void warm(double seconds) throws Exception {
    measure(seconds);
  }

  /** Ends what was prepared. */
  default void end() throws Exception {}

  /** The same, whose end is followed by this. */
  default Measurement with(Timing.Action end) {
    var self = this;
    return new Measurement() {
      @Override
      public Sample measure(double seconds) throws Exception {
        return self.measure(seconds);
      }

      @Override
      public void warm(double seconds) throws Exception {
        self.warm(seconds);
      }

      @Override
      public void end() throws Exception {
        self.end();
        end.run();
      }
    };
  }
}
