/**
 * What tests of programs with child processes need: a leak check, programs run in JVMs of their
 * own, and the contracts that an engine has to keep.
 */
module io.procession.testkit {
  requires static transitive org.jspecify;
  requires transitive io.procession;
  requires transitive org.junit.jupiter.api;
  requires org.assertj.core;

  exports io.procession.testkit;
  exports io.procession.testkit.contract;
}
