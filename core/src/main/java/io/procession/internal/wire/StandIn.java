package io.procession.internal.wire;

/** A class loader that stands for one of the parent process. */
public interface StandIn {

  /** Under which number the parent knows the loader. */
  int id();
}
