package io.procession.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.procession.bench.Family;
import io.procession.bench.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** All that was measured of one family. */
public record Figures(Family family, Provenance provenance, List<Row> rows) {

  /** The rows of each workload, in the order in which they were measured. */
  List<List<Row>> byWorkload() {
    return rows.stream()
        .map(Row::workload)
        .distinct()
        .map(name -> rows.stream().filter(row -> row.workload().equals(name)).toList())
        .toList();
  }

  /** Reads what {@link #writeJson} wrote. */
  public static Figures readJson(Path file) throws IOException {
    return gson().fromJson(Files.readString(file), Figures.class);
  }

  private static Gson gson() {
    return new GsonBuilder()
        .disableHtmlEscaping()
        .serializeSpecialFloatingPointValues()
        .setPrettyPrinting()
        .create();
  }

  /** Writes everything, every round of it. */
  void writeJson(Path file) throws IOException {
    var gson = gson();
    // A list of numbers fits on a line.
    var text = gson.toJson(this).replaceAll("(?<=[\\[\\d,])\\s+(?=[-\\d\\]])", " ");
    Files.writeString(file, text + "\n");
  }
}
