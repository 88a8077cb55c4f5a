package io.procession.testkit.kill.shared;

import java.io.Serializable;

/**
 * What is put into queues: it says who put it and when, and shows whether it is whole.
 *
 * @param producer who put it
 * @param number counts what the producer put
 * @param text follows from the others
 */
record Element(int producer, int number, String text) implements Serializable {

  static Element of(int producer, int number, int length) {
    return new Element(producer, number, text(producer, number, length));
  }

  private static String text(int producer, int number, int length) {
    return String.valueOf((char) ('a' + Math.floorMod(31 * producer + number, 26))).repeat(length);
  }

  /** This element, if it is whole. */
  Element whole() {
    if (!text.equals(text(producer, number, text.length()))) {
      throw new AssertionError("an element is torn: " + this);
    }
    return this;
  }

  @Override
  public String toString() {
    return producer + "/" + number;
  }
}
