package io.procession.internal.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SpinBudgetTest {

  private static final long MOST = 1_000;

  private final SpinBudget budget = new SpinBudget();

  @Test
  void spinningInVainEndsSoonButIsTriedAgain() {
    var total = 0L;
    var tries = 0;
    for (var wait = 0; wait < 1_600; wait++) {
      var nanos = budget.nanos(MOST);
      total += nanos;
      tries += nanos == MOST ? 1 : 0;
      budget.spun(false);
    }
    assertThat(tries).isBetween(100, 101);
    assertThat(total).isLessThan(103 * MOST);
  }

  @Test
  void oneSuccessBringsAllBack() {
    for (var wait = 0; wait < 10; wait++) {
      assertThat(budget.nanos(MOST)).isLessThanOrEqualTo(MOST);
      budget.spun(false);
    }
    budget.spun(true);
    assertThat(budget.nanos(MOST)).isEqualTo(MOST);
  }
}
