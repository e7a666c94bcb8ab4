package io.tributary.jobs.reference;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.jobs.analysis.Sheet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * Data and answers of other programs. They stand beside the repository, in the folder that {@code
 * TRIBUTARY_SHARED} names (property or environment), by default {@code ../shared} of the
 * repository.
 */
public final class Oracle {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Oracle() {}

  /** The folder of data and oracles; without it a test is skipped, and fails under CI=true. */
  static Path shared() {
    String named =
        System.getProperty(
            "TRIBUTARY_SHARED", System.getenv().getOrDefault("TRIBUTARY_SHARED", ""));
    Path folder =
        named.isEmpty()
            ? Path.of(System.getProperty("basedir", ".")).toAbsolutePath().resolve("../../shared")
            : Path.of(named);
    if (!Files.isDirectory(folder.resolve("oracles"))) {
      if ("true".equals(System.getenv("CI"))) {
        Assertions.fail("CI=true and there is no folder " + folder + "; set TRIBUTARY_SHARED");
      }
      Assumptions.abort(
          "no folder " + folder + "; set TRIBUTARY_SHARED to run the reference tests");
    }
    return folder.normalize();
  }

  static JsonNode json(String name) {
    try {
      return JSON.readTree(shared().resolve("oracles").resolve(name).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Sheet csv(String name) {
    return Sheet.read(shared().resolve("oracles").resolve(name));
  }

  static Sheet data(String name) {
    return Sheet.read(shared().resolve("data").resolve(name));
  }

  /**
   * The four hospitals of heart-disease under one header, with their site, and {@code y}: any
   * disease.
   */
  static Sheet heartDisease() {
    List<String> header =
        List.of(
            "site",
            "age",
            "sex",
            "cp",
            "trestbps",
            "chol",
            "fbs",
            "restecg",
            "thalach",
            "exang",
            "oldpeak",
            "slope",
            "ca",
            "thal",
            "num");
    List<List<String>> rows = new ArrayList<>();
    for (String site : List.of("cleveland", "hungarian", "switzerland", "va")) {
      Path file = shared().resolve("data/heart-disease/processed." + site + ".data");
      try {
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
          List<String> row = new ArrayList<>(List.of(site));
          row.addAll(List.of(line.split(",", -1)));
          rows.add(row);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertThat(rows).hasSize(920);
    return new Sheet(header, rows).with("y", row -> row.get("num").equals("0") ? "0" : "1");
  }

  /**
   * The same with {@code part}, which goes by the age, and with the columns of the penalised oracle
   * centred and scaled as it says, under s_ and their names.
   */
  static Sheet heartDiseaseScaled() {
    Sheet scaled =
        heartDisease()
            .with(
                "part", row -> Integer.toString(1 + (int) Double.parseDouble(row.get("age")) % 5));
    JsonNode oracle = json("heart-disease/logistic_penalised_glmnet.json");
    List<String> columns = List.of("age", "sex", "trestbps", "thalach", "oldpeak");
    for (int j = 0; j < columns.size(); j++) {
      String column = columns.get(j);
      double centre = oracle.get("centers").get(j).asDouble();
      double scale = oracle.get("scales").get(j).asDouble();
      scaled = scaled.with("s_" + column, row -> scaled(row.get(column), centre, scale));
    }
    return scaled;
  }

  private static String scaled(String value, double centre, double scale) {
    return value.equals("?")
        ? value
        : Double.toString((Double.parseDouble(value) - centre) / scale);
  }

  /**
   * Lung with {@code dead}, sex as text, and columns that go by the id: weights 1 to 3, entries
   * before the time, an offset, thirds; and the time in months.
   */
  static Sheet lung() {
    return data("survival/lung.csv")
        .with("dead", row -> row.get("status").equals("2") ? "1" : "0")
        .with("sex2", row -> row.get("sex").equals("1") ? "male" : "female")
        .with("w", row -> Integer.toString(1 + whole(row, "id") % 3))
        .with(
            "entry",
            row -> Integer.toString(whole(row, "time") * (37 * whole(row, "id") % 100) / 150))
        .with("month", row -> Integer.toString(whole(row, "time") / 30 + 1))
        .with("third", row -> Integer.toString(whole(row, "id") % 3))
        .with("z", row -> Double.toString(whole(row, "id") % 7 / 10.0))
        .with(
            "ward", row -> row.get("inst").equals("NA") ? "NA" : row.get("site") + row.get("inst"));
  }

  private static int whole(Map<String, String> row, String column) {
    return Integer.parseInt(row.get(column));
  }

  /** Colon's deaths; {@code dead5} is death within five years, NA if censored before. */
  static Sheet colonDeaths() {
    return colon("2");
  }

  /** Colon's recurrences, with the same columns. */
  static Sheet colonRecurrences() {
    return colon("1");
  }

  /** Each patient of colon once: what came first, recurrence or death, and when. */
  static Sheet colonFirst() {
    Sheet deaths = data("survival/colon.csv").where("etype", "2");
    Map<String, String> times = new HashMap<>();
    Map<String, String> states = new HashMap<>();
    int id = deaths.header().indexOf("id");
    for (List<String> row : deaths.rows()) {
      times.put(row.get(id), row.get(deaths.header().indexOf("time")));
      states.put(row.get(id), row.get(deaths.header().indexOf("status")));
    }
    return data("survival/colon.csv")
        .where("etype", "1")
        .with("death", row -> times.get(row.get("id")))
        .with("died", row -> states.get(row.get("id")))
        .with("cause", Oracle::first)
        .with("first", row -> Integer.toString(Math.min(whole(row, "time"), whole(row, "death"))))
        .with("quarter", row -> Integer.toString(whole(row, "first") / 90));
  }

  private static String first(Map<String, String> row) {
    if (whole(row, "time") <= whole(row, "death") && row.get("status").equals("1")) {
      return "recurrence";
    }
    return row.get("died").equals("1") ? "death" : "none";
  }

  private static Sheet colon(String etype) {
    return data("survival/colon.csv").where("etype", etype).with("dead5", Oracle::deadIn5Years);
  }

  private static String deadIn5Years(Map<String, String> row) {
    int time = Integer.parseInt(row.get("time"));
    boolean died = row.get("status").equals("1");
    if (!died && time < 1826) {
      return "NA";
    }
    return died && time <= 1826 ? "1" : "0";
  }
}
