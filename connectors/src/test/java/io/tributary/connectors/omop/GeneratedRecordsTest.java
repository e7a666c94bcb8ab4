package io.tributary.connectors.omop;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.connectors.SharedSpark;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GeneratedRecordsTest {
  @TempDir Path folder;

  private static List<String> rows(Path out, String table) throws IOException {
    List<String> rows = new ArrayList<>();
    try (Stream<Path> sites = Files.list(out)) {
      for (Path site : sites.sorted().toList()) {
        List<String> lines = Files.readAllLines(site.resolve(table + ".csv"));
        rows.addAll(lines.subList(1, lines.size()));
      }
    }
    return rows;
  }

  @Test
  void personsAreTheSameHoweverManySitesShareThem() throws IOException {
    GeneratedRecords.write(folder.resolve("one"), 60, 1, 5);
    GeneratedRecords.write(folder.resolve("three"), 60, 3, 5);
    GeneratedRecords.write(folder.resolve("other"), 60, 1, 6);
    for (String table : List.of("person", "drug_era", "measurement", "observation_period")) {
      List<String> one = rows(folder.resolve("one"), table);
      assertThat(new TreeSet<>(rows(folder.resolve("three"), table))).isEqualTo(new TreeSet<>(one));
      assertThat(rows(folder.resolve("other"), table)).isNotEqualTo(one);
    }
    assertThat(rows(folder.resolve("one"), "person")).hasSize(60);
  }

  @Test
  void aCohortCanBeAskedFor() {
    GeneratedRecords.write(folder.resolve("data"), 200, 1, 1);
    CommonDataModel model =
        CommonDataModel.open(SharedSpark.session(), folder.resolve("data/site-1"));
    String definition =
        "entry: {drug: "
            + GeneratedRecords.INGREDIENT
            + ", keep: first}\nrequire:\n"
            + "  - {condition: "
            + GeneratedRecords.CONDITION_GROUP
            + ", window: [all, 0d]}\n"
            + "exit: {drug: "
            + GeneratedRecords.INGREDIENT
            + ", gap: 30d}";
    try (CohortTable table = CohortTable.of(model, definition.getBytes(StandardCharsets.UTF_8))) {
      List<Long> attrition = table.attrition();
      assertThat(attrition.get(0)).isBetween(30L, 200L);
      assertThat(attrition.get(1)).isBetween(10L, attrition.get(0));
      assertThat(table.spells().count()).isEqualTo(attrition.get(2));
    }
  }
}
