package io.procession.bench;

import java.io.IOException;
import java.util.List;

/** One of those that are compared. */
interface Peer extends AutoCloseable {

  /** How the table calls it. */
  String name();

  /** Prepares the measurements of one workload. */
  void open(Workload workload, int workers) throws Exception;

  /** Measures for about this long, at least once; gives a figure in the workload's unit. */
  double measure(double seconds) throws Exception;

  /** The workers that are open, and last the process that uses them. */
  List<Long> pids() throws Exception;

  /** Ends what {@link #open} prepared. */
  void done() throws Exception;

  @Override
  void close() throws IOException;
}
