package io.tributary.jobs.cli;

import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PartyCard;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary roster ...}: the consortium file. */
@Command(
    name = "roster",
    description = "The consortium file: who exists, pinned by its digest at every site.",
    subcommands = {
      RosterCommand.Add.class,
      RosterCommand.Replace.class,
      RosterCommand.Remove.class,
      RosterCommand.Show.class
    })
final class RosterCommand {

  /** {@code roster add}. */
  @Command(name = "add", description = "Add parties by their cards; the file is made if missing.")
  static final class Add implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--roster", required = true, description = "The consortium file.")
    private Path roster;

    @Option(names = "--organisation", required = true, description = "Legal body of the parties.")
    private String organisation;

    @Option(names = "--name", defaultValue = "consortium", description = "Name of a new one.")
    private String name;

    @Option(
        names = "--valid-days",
        defaultValue = "365",
        description = "Validity of a new one in days, 1 to 3650.")
    private int validDays;

    @Parameters(arity = "1..*", description = "card.yaml files.")
    private List<Path> cards;

    @Override
    public Integer call() {
      if (validDays < 1 || validDays > 3650) {
        throw Errors.invalid(
            ErrorCode.USAGE, "--valid-days", "must be 1 to 3650.", "Give another number.");
      }
      Optional<Consortium> before =
          Files.exists(roster)
              ? Optional.of(ConsortiumFile.read(roster).consortium())
              : Optional.empty();
      Instant today = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
      Consortium after =
          ConsortiumFile.with(
              before,
              cards.stream().map(PartyCard::read).toList(),
              organisation,
              name,
              today.minus(Duration.ofDays(1)),
              today.plus(Duration.ofDays(validDays)));
      show(common, ConsortiumFile.write(roster, after));
      return 0;
    }
  }

  /** {@code roster replace}. */
  @Command(
      name = "replace",
      description =
          "Give parties the keys and certificates of new cards, after a renewal or a loss; the"
              + " version goes up and every site has to pin the new digest.")
  static final class Replace implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--roster", required = true, description = "The consortium file.")
    private Path roster;

    @Parameters(arity = "1..*", description = "card.yaml files.")
    private List<Path> cards;

    @Override
    public Integer call() {
      Consortium after =
          ConsortiumFile.replacing(
              ConsortiumFile.read(roster).consortium(),
              cards.stream().map(PartyCard::read).toList());
      show(common, ConsortiumFile.write(roster, after));
      return 0;
    }
  }

  /** {@code roster remove}. */
  @Command(
      name = "remove",
      description = "Revoke a site or an analyst; every site has to pin the new digest.")
  static final class Remove implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--roster", required = true, description = "The consortium file.")
    private Path roster;

    @Option(names = "--id", required = true, description = "Id of the party.")
    private String id;

    @Override
    public Integer call() {
      Consortium after =
          ConsortiumFile.without(ConsortiumFile.read(roster).consortium(), new SiteId(id));
      show(common, ConsortiumFile.write(roster, after));
      return 0;
    }
  }

  /** {@code roster show}. */
  @Command(name = "show", description = "Members and digest of a consortium file.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--roster", required = true, description = "The consortium file.")
    private Path roster;

    @Override
    public Integer call() {
      show(common, ConsortiumFile.read(roster));
      return 0;
    }
  }

  private static void show(CommonOptions common, ConsortiumFile file) {
    Console console = common.console();
    Consortium consortium = file.consortium();
    if (common.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("consortium", consortium.name());
      fields.put("version", consortium.version());
      fields.put("digest", file.digest().hex());
      fields.put("validFrom", consortium.validFrom().toString());
      fields.put("validUntil", consortium.validUntil().toString());
      fields.put("coordinator", consortium.coordinator().id());
      fields.put("sites", consortium.sites().stream().map(site -> site.id().value()).toList());
      fields.put("analysts", consortium.analysts().stream().map(Consortium.Party::id).toList());
      console.result(fields);
      return;
    }
    console.result(
        "%s, version %d, valid %s to %s"
            .formatted(
                consortium.name(),
                consortium.version(),
                consortium.validFrom(),
                consortium.validUntil()));
    line(console, "coordinator", consortium.coordinator());
    for (Consortium.Member site : consortium.sites()) {
      console.result(
          "  %-12s %-32s %s  key %s".formatted("site", site.id(), site.organisation(), site.key()));
    }
    consortium.analysts().forEach(analyst -> line(console, "analyst", analyst));
    console.result("digest " + file.digest().hex());
  }

  private static void line(Console console, String role, Consortium.Party party) {
    console.result(
        "  %-12s %-32s %s  key %s".formatted(role, party.id(), party.organisation(), party.key()));
  }
}
