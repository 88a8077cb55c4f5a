package io.procession.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Values without parts, and arrays. */
final class LeafCases {

  static void addTo(Cases cases) {
    leaves(cases);
    arrays(cases);
  }

  private static void leaves(Cases cases) {
    cases.equal("null", () -> null);
    cases.equal("true", () -> true);
    cases.equal("false", () -> false);
    cases.equal("byte", () -> (byte) -3);
    cases.equal("short", () -> (short) -300);
    cases.equal("char", () -> '\uFFFE');
    cases.equal("int", () -> Integer.MIN_VALUE);
    cases.equal("long", () -> Long.MIN_VALUE + 1);
    cases.equal("float", () -> Float.NaN);
    cases.equal("double", () -> -0.0);
    cases.equal("empty string", () -> "");
    cases.equal("ascii", () -> "hello");
    cases.equal("latin", () -> "Grüße");
    cases.equal("wide string", () -> "日本 \uD83D\uDE00");
    cases.equal("unpaired surrogate", () -> "a\uD800b");
    cases.equal("nul char", () -> "a\0b");
    cases.equal("long latin string", () -> "äx".repeat(100_000));
    cases.equal("long wide string", () -> "x日".repeat(100_000));
    cases.equal("BigInteger", () -> BigInteger.TWO.pow(1000).negate());
    cases.equal("BigDecimal", () -> new BigDecimal("-1234567890123456789.0987654321000"));
    cases.equal("UUID", () -> new UUID(-1, 2));
    cases.equal("Instant", () -> Instant.MAX);
    cases.equal("Duration", () -> Duration.ofSeconds(-5, 7));
    cases.equal("LocalDate", () -> LocalDate.MIN);
    cases.equal("LocalTime", () -> LocalTime.MAX);
    cases.equal("LocalDateTime", () -> LocalDateTime.of(2026, 2, 28, 23, 59, 59, 999_999_999));
    cases.equal(
        "ZonedDateTime", () -> ZonedDateTime.of(2026, 3, 1, 2, 3, 4, 5, ZoneId.of("Asia/Tokyo")));
    cases.equal("Period", () -> Period.of(1, 2, 3));
    cases.equal("enum of the JDK", () -> DayOfWeek.FRIDAY);
    cases.equal("enum", () -> Samples.Color.GREEN);
    cases.equal("enum with bodies", () -> Samples.Operation.TIMES);
    cases.equal("Optional", () -> Optional.of("x"));
    cases.equal("empty Optional", Optional::empty);
    cases.equal(
        "Optionals of primitives",
        () -> List.of(OptionalInt.of(1), OptionalLong.empty(), OptionalDouble.of(2)));
    cases.equal("class", () -> Samples.Plain.class);
    cases.equal("primitive class", () -> int.class);
    cases.equal("array class", () -> String[][].class);
    cases.equal("Path", () -> Path.of("a", "b"));
    cases.equal("File", () -> new File("a/b"));
    cases.equal("URI", () -> URI.create("http://example.org/x?y"));
    cases.equal("Locale", () -> Locale.CANADA_FRENCH);
    cases.checked(
        "StringBuilder",
        () -> (Object) new StringBuilder("ab").reverse(),
        actual -> assertThat(actual).hasToString("ba"));
    cases.checked(
        "AtomicInteger",
        () -> new AtomicInteger(5),
        actual -> assertThat(Cases.<AtomicInteger>as(actual).get()).isEqualTo(5));
    cases.checked(
        "AtomicLong",
        () -> new AtomicLong(-5),
        actual -> assertThat(Cases.<AtomicLong>as(actual).get()).isEqualTo(-5));
    cases.checked(
        "AtomicBoolean",
        () -> new AtomicBoolean(true),
        actual -> assertThat(Cases.<AtomicBoolean>as(actual).get()).isTrue());
    cases.checked(
        "AtomicReference of Optional",
        () -> new AtomicReference<>(Optional.of(1)),
        actual -> assertThat(Cases.<AtomicReference<?>>as(actual).get()).isEqualTo(Optional.of(1)));
    cases.checked(
        "Random",
        () -> new Random(42),
        actual ->
            assertThat(Cases.<Random>as(actual).nextLong()).isEqualTo(new Random(42).nextLong()));
  }

  private static void arrays(Cases cases) {
    cases.equal("boolean[]", () -> new boolean[] {true, false, true});
    cases.equal("byte[]", () -> new byte[] {1, -1});
    cases.equal("short[]", () -> new short[] {1, -1});
    cases.equal("char[]", () -> new char[] {'a', '日'});
    cases.equal("int[]", () -> IntStream.range(-500, 500).toArray());
    cases.equal("long[]", () -> new long[] {Long.MIN_VALUE, 1});
    cases.equal("float[]", () -> new float[] {1.5f, Float.MIN_VALUE});
    cases.equal("double[]", () -> IntStream.range(0, 10_000).asDoubleStream().toArray());
    cases.equal("empty int[]", () -> new int[0]);
    cases.equal("int[][]", () -> new int[][] {{1}, {}, {2, 3}});
    cases.equal("Object[]", () -> new Object[] {1, "a", null, new int[] {1}});
    cases.equal("String[]", () -> new String[] {"a", null});
    cases.equal("Samples.Plain[][]", () -> new Samples.Plain[][] {{new Samples.Plain(1, "a")}, {}});
  }

  private LeafCases() {}
}
