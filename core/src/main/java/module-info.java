/** Multiprocessing for Java: child processes, process pools, and what they share. */
module io.procession {
  requires static transitive org.jspecify;
  requires static java.management;

  exports io.procession;
  exports io.procession.function;
  exports io.procession.spi;
}
