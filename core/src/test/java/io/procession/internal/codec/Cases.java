package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values that travel, by name; each is made anew in each process, and what arrived compared. */
final class Cases {

  interface Check {
    void check(@Nullable Object actual) throws Exception;
  }

  record Case(String name, Supplier<@Nullable Object> value, Check check) {
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Case> cases = new ArrayList<>();

  static List<Case> all() {
    var all = new Cases();
    LeafCases.addTo(all);
    CollectionCases.addTo(all);
    ObjectCases.addTo(all);
    IdentityCases.addTo(all);
    return all.cases;
  }

  void equal(String name, Supplier<@Nullable Object> value) {
    cases.add(
        new Case(
            name,
            value,
            actual -> {
              var expected = value.get();
              assertThat(actual).isEqualTo(expected);
              if (expected != null) {
                assertThat(actual).hasSameClassAs(expected);
              }
            }));
  }

  void checked(String name, Supplier<@Nullable Object> value, Check check) {
    cases.add(new Case(name, value, check));
  }

  @SuppressWarnings({"unchecked", "NullAway", "TypeParameterUnusedInFormals"}) // each case knows
  static <T> T as(@Nullable Object value) {
    return (T) value;
  }
}
