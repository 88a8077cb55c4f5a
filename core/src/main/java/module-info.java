/** Multiprocessing for Java: child processes, process pools, and what they share. */
@SuppressWarnings("module") // the tools are built after this module
module io.procession {
  requires static org.jspecify;
  requires static java.management;
  requires static jdk.jfr;

  exports io.procession;
  exports io.procession.async;
  exports io.procession.function;
  exports io.procession.shared;
  exports io.procession.spi;
  exports io.procession.status;
  exports io.procession.internal.family to
      io.procession.tools;
  exports io.procession.internal.os to
      io.procession.tools;
}
