package io.procession.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * Where figures come from.
 *
 * @param loadBefore how many threads wanted a processor before the run; our own come on top
 * @param versions what was measured
 * @param missing what could not be, with the reason
 */
public record Provenance(
    String command,
    String date,
    String machine,
    double loadBefore,
    List<String> versions,
    List<String> missing) {

  /** In one paragraph. */
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "`%s`, %s. %s. Load before the run: %.1f. Versions: %s.%s",
        command,
        date,
        machine,
        loadBefore,
        String.join(", ", versions),
        missing.isEmpty() ? "" : " Not there: " + String.join("; ", missing) + ".");
  }
}
