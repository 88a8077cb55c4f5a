package io.procession.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

final class CatalogueTest {

  @Test
  void everyWorkloadHasANameOfItsOwnThatIsNoFamily() {
    var names = new HashSet<String>();
    for (var family : Family.values()) {
      names.add(family.word());
    }
    assertThat(Catalogue.ALL).allSatisfy(each -> assertThat(names.add(each.name())).isTrue());
  }

  @Test
  void theQuickPointsAreAmongThePoints() {
    assertThat(Catalogue.ALL)
        .allSatisfy(each -> {
          assertThat(each.quickPoints()).isNotEmpty();
          assertThat(each.points()).containsAll(each.quickPoints());
        });
  }

  @Test
  void commandsNameTheOperationAndAllItsParameters() {
    var workload =
        Workload.of(Family.POOLS, "name", "title", Unit.PER_SECOND)
            .operation("items")
            .with("workers", 2)
            .by(Axis.ITEMS, 100);
    assertThat(workload.open(100)).isEqualTo("open items workers=2 items=100");
  }
}
