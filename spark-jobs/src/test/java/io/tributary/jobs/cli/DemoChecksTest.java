package io.tributary.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo ends with an exit code other than 0 as soon as something that it shows is not so. */
class DemoChecksTest {
  private static final Path SCRIPTS = Path.of("../scripts").toAbsolutePath().normalize();

  @TempDir Path folder;

  /** What a script said, and how it ended. */
  private record Said(int exit, String words) {}

  private Said run(String script) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "bash",
                "-c",
                "set -euo pipefail; source '"
                    + SCRIPTS.resolve("demo-checks")
                    + "'; "
                    + script
                    + "; echo AFTERWARDS")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Said(process.exitValue(), words);
  }

  private void goesOn(String script, String... words) throws Exception {
    Said said = run(script);
    assertThat(said.exit()).as(said.words()).isZero();
    assertThat(said.words()).contains(words).contains("AFTERWARDS");
  }

  private void ends(String script, String... words) throws Exception {
    Said said = run(script);
    assertThat(said.exit()).as(said.words()).isNotZero();
    assertThat(said.words()).contains("not so: ").doesNotContain("AFTERWARDS");
    assertThat(List.of(words)).allSatisfy(word -> assertThat(said.words()).contains(word));
  }

  /** A command that says something and ends somehow, in place of tributary. */
  private String command(String name, String out, String err, int exit) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve(name),
            "#!/usr/bin/env bash\necho '%s'\necho '%s' >&2\nexit %d\n".formatted(out, err, exit));
    assertThat(file.toFile().setExecutable(true)).isTrue();
    return "./" + name + " word";
  }

  @Test
  void whatHasToBeRefusedIsRefusedWithThatCode() throws Exception {
    String refused = command("refused", "", "error DP_BUDGET_SPENT: no more", 3);
    goesOn("refused DP_BUDGET_SPENT " + refused, "refused, as it has to be: error DP_BUDGET_SPENT");
    ends("refused COHORT_TOO_CLOSE " + refused, "was refused otherwise (3)");
    ends("refused DP_BUDGET " + refused);
    ends("refused DP_BUDGET_SPENT " + command("done", "fine", "", 0), "was not refused");
    // The words alone are no refusal, nor is a crash.
    ends(
        "refused DP_BUDGET_SPENT " + command("claims", "", "error DP_BUDGET_SPENT: no more", 0),
        "was not refused");
    ends("refused DP_BUDGET_SPENT " + command("crashed", "", "Segmentation fault", 139));
    ends("refused DP_BUDGET_SPENT ./there-is-no-such-command");
  }

  @Test
  void whatHasToHoldHolds() throws Exception {
    goesOn("holds " + command("verified", "chain in order", "", 0), "  chain in order");
    ends("holds " + command("broken", "", "error EVIDENCE_BROKEN: line 3", 4), "EVIDENCE_BROKEN");
    Files.writeString(folder.resolve("silent"), "#!/usr/bin/env bash\n");
    assertThat(folder.resolve("silent").toFile().setExecutable(true)).isTrue();
    ends("holds ./silent word", "said nothing");
  }

  @Test
  void filesAreTheSameOrTheyAreNot() throws Exception {
    Files.writeString(folder.resolve("a"), "1");
    Files.writeString(folder.resolve("b"), "1");
    Files.writeString(folder.resolve("c"), "2");
    Files.writeString(folder.resolve("empty"), "");
    goesOn("same tables a b", "the same, as they have to be: tables");
    ends("same tables a c", "tables are not the same");
    goesOn("differ journals a c", "different, as they have to be: journals");
    ends("differ journals a b", "journals are the same");
    for (String missing : List.of("none", "empty")) {
      ends("same tables a " + missing);
      ends("differ tables a " + missing);
    }
  }

  @Test
  void aValueThatIsNotOfRIsNamed() throws Exception {
    Files.createDirectories(folder.resolve("results"));
    Files.writeString(
        folder.resolve("results/hazards.csv"), "term,estimate\n\"age\",0.5\n\"sex\",0.25\n");
    String header = "table,row,column,value\n";
    Files.writeString(folder.resolve("r.csv"), header + "hazards.csv,age,estimate,0.5\n");
    goesOn("beside_r results r.csv", "hazards.csv", "0.5");
    for (String wrong :
        List.of(
            "hazards.csv,age,estimate,0.500001\n",
            "hazards.csv,nobody,estimate,0.5\n",
            "hazards.csv,age,other,0.5\n",
            "none.csv,age,estimate,0.5\n",
            "")) {
      Files.writeString(folder.resolve("wrong.csv"), header + wrong);
      ends("beside_r results wrong.csv", "differs from what R gives");
    }
  }

  @Test
  void theDemoUsesTheseChecksAndStopsAtTheFirstFailure() throws IOException {
    String demo = Files.readString(SCRIPTS.resolve("demo"));
    assertThat(demo)
        .contains("set -euo pipefail", "source \"$repo/scripts/demo-checks\"")
        .contains("COHORT_TOO_CLOSE", "DP_BUDGET_SPENT", "POLICY_REFUSED", "EVIDENCE_BROKEN");
    assertThat(demo.lines().filter(line -> line.startsWith("is_refused ")).count()).isEqualTo(3);
    assertThat(demo.lines().filter(line -> line.startsWith("refused ")).count()).isEqualTo(2);
    assertThat(demo.lines().filter(line -> line.startsWith("holds ")).count()).isEqualTo(3);
  }
}
