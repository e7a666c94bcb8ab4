package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.study.StudyFile;
import io.tributary.journal.FileStateStore;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary journal show}: what a party's write-ahead journal holds. */
@Command(
    name = "journal",
    description = "A party's write-ahead journal.",
    subcommands = {JournalCommand.Show.class})
final class JournalCommand {

  /** {@code journal show}. */
  @Command(
      name = "show",
      description = "List the records after checking their chain. The party must not run.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--state", required = true, description = "The party's state folder.")
    private Path state;

    @Option(names = "--study", description = "Only records of the study with this digest.")
    private String study;

    private long number;

    @Override
    public Integer call() {
      if (!Files.isDirectory(state)) {
        throw Errors.invalid(
            ErrorCode.USAGE, state.toString(), "is no folder.", "Name the 'state' of site.yaml.");
      }
      Optional<Digest> only = StudyFile.digest(study);
      Console console = common.console();
      try (FileStateStore store = FileStateStore.open(state, new SecureRandom())) {
        store.replay(
            (owner, record) -> {
              number++;
              if (only.map(owner::equals).orElse(true)) {
                line(console, owner, record);
              }
            });
      }
      console.result(number + " records, chain in order");
      return 0;
    }

    private void line(Console console, Digest owner, byte[] record) {
      String label = Canonical.labelOf(record);
      if (common.json()) {
        console.result(
            fields(
                "number", number, "study", owner.hex(), "record", label, "bytes", record.length));
      } else {
        console.result(
            "%6d  %s  %-28s %8d bytes".formatted(number, owner.shortHex(), label, record.length));
      }
    }
  }
}
