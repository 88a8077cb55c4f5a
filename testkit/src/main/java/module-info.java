/**
 * What tests of programs with child processes need: a leak check, and programs run in JVMs of their
 * own.
 */
module io.procession.testkit {
  requires static transitive org.jspecify;
  requires transitive org.junit.jupiter.api;

  exports io.procession.testkit;
}
