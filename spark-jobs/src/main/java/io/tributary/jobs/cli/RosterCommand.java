package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.codec.Digest;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.evidence.RosterEvidence;
import io.tributary.jobs.keys.ConfiguredParty;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PartyCard;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.protocol.ConsortiumChange;
import io.tributary.protocol.ConsortiumUpdate;
import io.tributary.study.Consortium;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
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
      RosterCommand.Show.class,
      RosterCommand.Sign.class,
      RosterCommand.Join.class,
      RosterCommand.Take.class
    })
final class RosterCommand {

  /** Where a changed file goes. */
  static final class Written {
    @Option(
        names = "--out",
        description =
            "File to write instead of changing --roster: the proposal that 'roster sign' takes.")
    private Path out;

    private Path to(Path roster) {
      return out == null ? roster : out;
    }
  }

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

    @Mixin private Written written;

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
              ? Optional.of(ConsortiumFile.draft(roster).consortium())
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
      show(common, ConsortiumFile.write(written.to(roster), after));
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

    @Mixin private Written written;

    @Parameters(arity = "1..*", description = "card.yaml files.")
    private List<Path> cards;

    @Override
    public Integer call() {
      Consortium after =
          ConsortiumFile.replacing(
              ConsortiumFile.read(roster).consortium(),
              cards.stream().map(PartyCard::read).toList());
      show(common, ConsortiumFile.write(written.to(roster), after));
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

    @Mixin private Written written;

    @Override
    public Integer call() {
      Consortium after =
          ConsortiumFile.without(ConsortiumFile.read(roster).consortium(), new SiteId(id));
      show(common, ConsortiumFile.write(written.to(roster), after));
      return 0;
    }
  }

  /** {@code roster show}. */
  @Command(
      name = "show",
      description =
          "Members and digest of a consortium file, or of the one in force at a party; of an update"
              + " what it changes and who has signed it.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private InForce inForce;

    @Option(names = "--update", description = "An update of that file.")
    private Path update;

    @Option(names = "--out", description = "Also write the consortium file there.")
    private Path out;

    @Override
    public Integer call() {
      ConsortiumFile file = inForce.file();
      if (update == null) {
        show(common, file);
        if (out != null) {
          ConsortiumFile.replace(out, file.raw());
        }
        return 0;
      }
      ConsortiumUpdate found = ConsortiumFile.update(update);
      describe(common, file, found);
      if (out != null) {
        ConsortiumFile.replace(out, found.file());
      }
      return 0;
    }
  }

  /** Which file an update is compared with. */
  static final class InForce {
    @Option(names = "--roster", description = "The consortium file.")
    private Path roster;

    @Option(
        names = "--config",
        description = "site.yaml, coordinator.yaml or analyst.yaml: the file in force there.")
    private Path config;

    private ConsortiumFile file() {
      if ((roster == null) == (config == null)) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--roster, --config",
            "one of the two is needed.",
            "Name the consortium file, or a party's configuration.");
      }
      return config == null
          ? ConsortiumFile.read(roster)
          : ConsortiumFile.pinned(ConfiguredParty.read(config).consortium());
    }
  }

  /** {@code roster sign}. */
  @Command(
      name = "sign",
      description =
          "Sign the next consortium file, in the name of a party. Look at what it changes first:"
              + " 'roster show --update'.")
  static final class Sign implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private InForce inForce;

    @Option(
        names = "--proposed",
        required = true,
        description = "The next consortium file, or an update that others have signed.")
    private Path proposed;

    @Option(names = "--by", required = true, description = "Who decides.")
    private String by;

    @Option(names = "--out", required = true, description = "Where the signed update goes.")
    private Path out;

    @Option(
        names = "--id",
        description = "The party, where there is no configuration that names it.")
    private String id;

    @Option(
        names = "--key",
        description = "Identity key to sign with; default the configuration's.")
    private Path key;

    @Option(names = "--password-file", description = "Its first line opens --key.")
    private Path passwordFile;

    @Override
    public Integer call() {
      if (by.getBytes(StandardCharsets.UTF_8).length > ConsortiumUpdate.MAX_TEXT_BYTES) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--by",
            "has more than " + ConsortiumUpdate.MAX_TEXT_BYTES + " bytes.",
            "Say it in fewer words.");
      }
      ConsortiumFile file = inForce.file();
      Optional<ConfiguredParty> party =
          Optional.ofNullable(inForce.config).map(ConfiguredParty::read);
      String name = party.map(ConfiguredParty::id).orElse(id);
      if (name == null || (party.isEmpty() && key == null)) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--id, --key",
            "are needed without --config.",
            "Say who signs, and with which key.");
      }
      ConsortiumUpdate update = proposal(file);
      Clock clock = Clock.systemUTC();
      SigningIdentity identity =
          key == null
              ? party.orElseThrow().signer()
              : KeyFile.read(key, PasswordFile.read(Optional.ofNullable(passwordFile)));
      try {
        requireOwn(name, identity, file, update);
        RosterEvidence evidence = new RosterEvidence(party, clock, new SecureRandom());
        evidence.consented(file, update, by);
        ConsortiumUpdate signed = update.sign(name, by, clock.instant(), identity);
        ConsortiumFile.replace(out, signed.encode());
        describe(common, file, signed);
        return 0;
      } finally {
        identity.destroy();
      }
    }

    private ConsortiumUpdate proposal(ConsortiumFile file) {
      byte[] bytes;
      try {
        bytes = Files.readAllBytes(proposed);
      } catch (IOException e) {
        throw Errors.invalid(
            ErrorCode.USAGE, proposed.toString(), "cannot be read.", "Check the path.");
      }
      if (!ConsortiumUpdate.isOne(bytes)) {
        return ConsortiumUpdate.propose(file.consortium(), file.digest(), bytes);
      }
      ConsortiumUpdate update = ConsortiumUpdate.read(bytes);
      update.requireFollows(file.consortium(), file.digest());
      return update;
    }

    /** A signature with a key that neither file has would count for nothing. */
    private static void requireOwn(
        String name, SigningIdentity identity, ConsortiumFile file, ConsortiumUpdate update) {
      Optional<String> own = Optional.of(identity.verifyingKey().hex());
      if (!ConsortiumUpdate.key(file.consortium(), name).equals(own)
          && !ConsortiumUpdate.key(update.consortium(), name).equals(own)) {
        throw Errors.invalid(
            ErrorCode.KEY_INVALID,
            "'" + name + "'",
            "has this key neither in the file in force nor in the proposed one.",
            "Sign with the party's old key, or with the new one that its card shows.");
      }
    }
  }

  /** {@code roster join}. */
  @Command(name = "join", description = "Put the signatures of copies of one update together.")
  static final class Join implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private InForce inForce;

    @Option(names = "--out", required = true, description = "Where the joined update goes.")
    private Path out;

    @Parameters(arity = "1..*", description = "Updates that 'roster sign' wrote.")
    private List<Path> copies;

    @Override
    public Integer call() {
      ConsortiumUpdate joined = ConsortiumFile.update(copies.get(0));
      for (Path copy : copies.subList(1, copies.size())) {
        joined = joined.join(ConsortiumFile.update(copy));
      }
      ConsortiumFile.replace(out, joined.encode());
      describe(common, inForce.file(), joined);
      return 0;
    }
  }

  /** {@code roster take}. */
  @Command(
      name = "take",
      description =
          "Check an update's signatures against the file in force and take it. It holds from the"
              + " party's next start.")
  static final class Take implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(
        names = "--config",
        required = true,
        description = "site.yaml, coordinator.yaml or analyst.yaml.")
    private Path config;

    @Option(names = "--update", required = true, description = "The signed update.")
    private Path update;

    @Override
    public Integer call() {
      ConfiguredParty party = ConfiguredParty.read(config);
      ConsortiumUpdate found = ConsortiumFile.update(update);
      ConsortiumFile before = ConsortiumFile.pinned(party.consortium());
      ConsortiumFile after = ConsortiumFile.take(party.consortium(), found);
      if (!after.digest().equals(before.digest())) {
        new RosterEvidence(Optional.of(party), Clock.systemUTC(), new SecureRandom())
            .taken(before, found);
      }
      show(common, after);
      return 0;
    }
  }

  private static void describe(CommonOptions common, ConsortiumFile file, ConsortiumUpdate update) {
    Console console = common.console();
    update.requireFollows(file.consortium(), file.digest());
    List<String> changes = ConsortiumChange.between(file.consortium(), update.consortium()).words();
    List<String> missing = update.missing(file.consortium());
    List<String> signed =
        update.consents().stream().map(each -> each.party() + " (" + each.steward() + ")").toList();
    if (common.json()) {
      console.result(
          fields(
              "version",
              update.consortium().version(),
              "digest",
              Digest.sha256(update.file()).hex(),
              "follows",
              update.previous().hex(),
              "changes",
              changes,
              "signed",
              signed,
              "missing",
              missing));
      return;
    }
    console.result(
        "version %d of %s, after version %d"
            .formatted(
                update.consortium().version(),
                update.consortium().name(),
                file.consortium().version()));
    changes.forEach(change -> console.result("  " + change));
    console.result("signed: " + (signed.isEmpty() ? "nobody" : String.join(", ", signed)));
    console.result("missing: " + (missing.isEmpty() ? "nothing" : String.join(", ", missing)));
    console.result("digest " + Digest.sha256(update.file()).hex());
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
