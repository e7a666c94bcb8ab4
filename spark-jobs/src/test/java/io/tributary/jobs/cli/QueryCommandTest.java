package io.tributary.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.jobs.Outcome;
import io.tributary.study.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A SELECT from the command line, over three sites under masks. */
class QueryCommandTest {
  @TempDir private Path folder;

  /** 30 women of 50 and 60 men of 40 at each site. */
  @BeforeEach
  void sites() throws IOException {
    for (String site : List.of("north", "south", "west")) {
      List<String> lines = new ArrayList<>(List.of("sex,age"));
      for (int i = 0; i < 90; i++) {
        lines.add(i < 30 ? "f,50" : "m,40");
      }
      Files.createDirectories(folder.resolve("sites").resolve(site));
      Files.write(folder.resolve("sites").resolve(site).resolve("people.csv"), lines);
    }
    Files.writeString(
        folder.resolve("study.yaml"),
        """
        study: people
        sites: [north, south, west]
        cohort: {from: people}
        columns: {sex: {levels: [f, m]}}
        analyses: [{name: any, type: crosstab, columns: [sex]}]
        """);
  }

  private Outcome query(String... words) {
    List<String> all =
        new ArrayList<>(List.of("query", "--sites", folder.resolve("sites").toString()));
    all.addAll(List.of("--study", folder.resolve("study.yaml").toString()));
    all.addAll(List.of(words));
    return Outcome.of(all.toArray(String[]::new));
  }

  @Test
  void oneCommandFromTheQueryToTheNumbers() throws IOException {
    Path csv = folder.resolve("answer.csv");
    Outcome answer =
        query(
                "--to",
                csv.toString(),
                "SELECT sex, count(*) AS n, avg(age) AS mean_age FROM people GROUP BY sex"
                    + " ORDER BY n DESC")
            .done();
    assertThat(answer.out())
        .contains("at 3 sites together: north, south, west\n")
        .containsPattern("m +180 +40\\b[^\\n]*\\nf +90 +50\\b")
        .contains("note: Pooled counts below 5");
    assertThat(Files.readString(csv))
        .isEqualTo("sex,n,mean_age\r\n\"m\",180,40.0\r\n\"f\",90,50.0\r\n");
  }

  @Test
  void explainShowsTheStudyAndWhatIsRevealed() {
    Outcome explained =
        query("--explain", "SELECT sex, sum(age) FROM cohort WHERE age < 90 GROUP BY sex").done();
    assertThat(explained.out())
        .contains("where: \"(`age` < 90)\"", "type: \"crosstab\"", "type: \"summary\"")
        .contains("rows: Sum 1: persons in 2 cells")
        .contains("values: Sum 1: persons, missing, sum and absolute sum of 1 numbers")
        .containsPattern("rows: the first sum has [0-9]+ words of 64 bits a site\\.")
        .contains("HAVING, ORDER BY and LIMIT act on what is released.");
  }

  @Test
  void whatIsWrongIsSaidBeforeAnybodyIsAsked() throws IOException {
    query("SELECT max(age) FROM cohort").refused(ErrorCode.USAGE, "'max' is not answered here");
    query("--to", "x.txt", "SELECT count(*) FROM cohort")
        .refused(ErrorCode.USAGE, "another ending", ".parquet");
    Path there = Files.writeString(folder.resolve("there.json"), "");
    query("--to", there.toString(), "SELECT count(*) FROM cohort")
        .refused(ErrorCode.USAGE, "is there already");
  }
}
