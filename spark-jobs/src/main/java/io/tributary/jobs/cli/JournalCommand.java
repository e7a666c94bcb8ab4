package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.evidence.HeldCopies;
import io.tributary.jobs.evidence.PartyConfig;
import io.tributary.jobs.study.StudyFile;
import io.tributary.journal.EvidenceCheck;
import io.tributary.journal.EvidenceEntry;
import io.tributary.journal.EvidenceJournal;
import io.tributary.journal.FileStateStore;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary journal ...}: what a party has written down. */
@Command(
    name = "journal",
    description = "What a party was asked, what it decided, what left and what came back.",
    subcommands = {
      JournalCommand.Show.class,
      JournalCommand.Verify.class,
      JournalCommand.Records.class
    })
final class JournalCommand {
  private static Path folder(Path state) {
    if (!Files.isDirectory(state)) {
      throw Errors.invalid(
          ErrorCode.USAGE, state.toString(), "is no folder.", "Name the 'state' of site.yaml.");
    }
    return state;
  }

  /** {@code journal show}. */
  @Command(
      name = "show",
      description = "Show a party's evidence in words, after checking its chain.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--state", required = true, description = "The party's state folder.")
    private Path state;

    @Option(names = "--study", description = "Only lines of the study with this digest.")
    private String study;

    @Override
    public Integer call() {
      Optional<Digest> only = StudyFile.digest(study);
      Console console = common.console();
      EvidenceJournal.Head head =
          EvidenceJournal.read(
              folder(state),
              (at, line) ->
                  line.filter(entry -> only.isEmpty() || entry.study().equals(only))
                      .ifPresent(entry -> show(console, entry)));
      if (!common.json()) {
        console.result(head.count() + " lines, chain in order, head " + head.chain().hex());
      }
      return 0;
    }

    private void show(Console console, EvidenceEntry entry) {
      if (common.json()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("line", entry.number());
        fields.put("at", entry.at().toString());
        fields.put("party", entry.party());
        fields.put("event", entry.event().name());
        entry.study().ifPresent(digest -> fields.put("study", digest.hex()));
        fields.put("words", entry.words());
        fields.put("details", entry.details());
        console.result(fields);
      } else {
        console.result(
            "%5d  %s  %-8s  %s"
                .formatted(
                    entry.number(),
                    entry.at().truncatedTo(ChronoUnit.SECONDS),
                    entry.study().map(digest -> digest.hex().substring(0, 8)).orElse(""),
                    entry.words()));
      }
    }
  }

  /** {@code journal verify}. */
  @Command(
      name = "verify",
      description =
          "Check a party's evidence: its chain, its signed checkpoints, and the copies that others"
              + " hold of them. Finds any edit, cut, swap or rollback; exit code 4.")
  static final class Verify implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(
        names = "--config",
        required = true,
        description = "site.yaml or coordinator.yaml: names state, consortium file and exchange.")
    private Path config;

    @Option(
        names = "--earlier-roster",
        description = "A consortium file with an earlier key of the party; may be repeated.")
    private List<Path> earlier = List.of();

    @Option(
        names = "--held-in",
        description = "State folder of another party, for its copies; may be repeated.")
    private List<Path> others = List.of();

    @Option(names = "--offline", description = "Do not ask the exchange for copies.")
    private boolean offline;

    @Override
    public Integer call() {
      Clock clock = Clock.systemUTC();
      PartyConfig party = PartyConfig.read(config);
      EvidenceCheck check = new EvidenceCheck(party.id(), party.keys(earlier));
      EvidenceJournal.read(folder(party.state()), check);
      HeldCopies held = new HeldCopies(party.id(), party.keys(earlier));
      List<EvidenceCheck.Copy> copies = new ArrayList<>();
      if (!offline) {
        try (Exchange exchange = party.exchange(clock)) {
          copies.addAll(held.on(exchange));
        }
      }
      others.forEach(other -> copies.addAll(held.in(folder(other))));
      show(party.id(), check.against(copies));
      return 0;
    }

    private void show(String party, EvidenceCheck.Outcome outcome) {
      Console console = common.console();
      if (common.json()) {
        console.result(
            fields(
                "party", party,
                "lines", outcome.lines(),
                "checkpoints", outcome.checkpoints(),
                "copies", outcome.copies(),
                "uncovered", outcome.uncovered()));
        return;
      }
      console.result(
          "%s: %d lines, chain in order; %d checkpoints signed by it; %d copies held by others agree"
              .formatted(party, outcome.lines(), outcome.checkpoints(), outcome.copies()));
      if (outcome.uncovered() > 0) {
        console.result(
            "the last %d lines are not covered by a checkpoint yet".formatted(outcome.uncovered()));
      }
    }
  }

  /** {@code journal records}. */
  @Command(
      name = "records",
      description =
          "List the write-ahead records that a restart needs, after checking their chain. The party"
              + " must not run.")
  static final class Records implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--state", required = true, description = "The party's state folder.")
    private Path state;

    @Option(names = "--study", description = "Only records of the study with this digest.")
    private String study;

    private long number;

    @Override
    public Integer call() {
      Optional<Digest> only = StudyFile.digest(study);
      Console console = common.console();
      try (FileStateStore store = FileStateStore.open(folder(state), new SecureRandom())) {
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
