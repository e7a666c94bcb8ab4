package io.tributary.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Commands that a document shows exist as they are written there, with their options. */
class OperationsTest {
  private static final Path DOCS = Path.of("..", "engine", "docs");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^    scripts/tributary (.*?)( -- .*)?( +# .*)?$");
  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

  @Test
  void everyCommandOfThePagesIsUnderstood() throws IOException {
    List<String> commands = new ArrayList<>();
    Matcher found =
        COMMAND.matcher(
            Files.readString(DOCS.resolve("OPERATIONS.md"))
                + Files.readString(DOCS.resolve("STEWARD.md"))
                + Files.readString(Path.of("..", "README.md")));
    while (found.find()) {
      commands.add(found.group(1));
    }
    assertThat(commands).hasSizeGreaterThan(40);
    for (String command : commands) {
      assertThatCode(() -> parse(command)).as(command).doesNotThrowAnyException();
    }
  }

  @Test
  void anOptionThatThereIsNotIsFoundOut() {
    for (String command :
        List.of(
            "journal verify --config site.yaml --nowhere",
            "journal invent",
            "journal verify",
            "keys new --id north")) {
      assertThatThrownBy(() -> parse(command)).isInstanceOf(ParameterException.class);
    }
  }

  /** Everything on the line is understood and nothing is done. */
  private static void parse(String command) {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(command);
    while (word.find()) {
      words.add(word.group(1) != null ? word.group(1) : word.group(2));
    }
    new CommandLine(Main.class).parseArgs(words.toArray(String[]::new));
  }
}
