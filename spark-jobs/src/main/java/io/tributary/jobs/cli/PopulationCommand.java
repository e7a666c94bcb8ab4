package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.keys.ConfiguredParty;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.population.TakenActs;
import io.tributary.jobs.site.SiteJob;
import io.tributary.journal.FileStateStore;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.PopulationAct;
import io.tributary.protocol.site.PopulationBook;
import io.tributary.protocol.site.SiteRecord;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary population ...}: whose sums a population's sums are, and how that changes. */
@Command(
    name = "population",
    description =
        "Which sites a population's sums are over, and the stewards' signed act that changes it.",
    subcommands = {
      PopulationCommand.Show.class,
      PopulationCommand.Propose.class,
      PopulationCommand.Sign.class,
      PopulationCommand.Join.class,
      PopulationCommand.Take.class
    })
final class PopulationCommand {

  /** {@code population show}. */
  @Command(
      name = "show",
      description =
          "The sites that the sums of this site's populations have to be over; of an act what it"
              + " changes and who has signed it.")
  static final class Show implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    @Option(names = "--act", description = "An act.")
    private Path act;

    @Override
    public Integer call() {
      if (act != null) {
        describe(common, TakenActs.read(act));
        return 0;
      }
      SiteConfig site = SiteJob.config(config);
      PopulationBook book = new PopulationBook();
      FileStateStore.read(
          site.state(), (study, record) -> book.note(study, SiteRecord.decode(record)));
      Map<String, Set<String>> datasets = new TreeMap<>();
      site.catalog()
          .values()
          .forEach(
              dataset ->
                  datasets
                      .computeIfAbsent(dataset.population(), name -> new LinkedHashSet<>())
                      .add(dataset.name()));
      datasets.forEach((name, of) -> line(site, book, name, of));
      return 0;
    }

    private void line(SiteConfig site, PopulationBook book, String name, Set<String> datasets) {
      Digest population = Declarations.population(site.site().value(), name);
      Optional<Set<SiteId>> bound = book.binding(population);
      String sites = bound.map(PopulationCommand::names).orElse("");
      Console console = common.console();
      if (common.json()) {
        console.result(
            fields(
                "population", name,
                "digest", population.hex(),
                "datasets", List.copyOf(datasets),
                "sites", bound.map(each -> sorted(each)).orElse(List.of())));
      } else {
        console.result(
            "population %s (datasets %s): %s"
                .formatted(
                    name,
                    String.join(", ", datasets),
                    sites.isEmpty() ? "no sum yet" : "sums over " + sites));
      }
    }
  }

  /** {@code population propose}. */
  @Command(
      name = "propose",
      description =
          "Write an act by which further sums of a population are over other sites than before. The"
              + " stewards of all these sites sign it; a lost site's total may become computable.")
  static final class Propose implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(
        names = "--config",
        required = true,
        description = "site.yaml or coordinator.yaml: names the consortium file in force.")
    private Path config;

    @Option(
        names = "--before",
        required = true,
        split = ",",
        description = "Sites of the sums so far, with commas between them.")
    private List<String> before;

    @Option(
        names = "--after",
        required = true,
        split = ",",
        description = "Sites of the sums to come.")
    private List<String> after;

    @Option(
        names = "--lost",
        split = ",",
        description = "Sites that will never answer again: their signature is not needed.")
    private List<String> lost = List.of();

    @Option(names = "--reason", required = true, description = "Kept with the act.")
    private String reason;

    @Option(names = "--out", required = true, description = "Where the act goes.")
    private Path out;

    @Override
    public Integer call() {
      requireShort("--reason", reason);
      ConsortiumFile consortium = ConsortiumFile.pinned(ConfiguredParty.read(config).consortium());
      PopulationAct act =
          PopulationAct.propose(
              consortium.consortium(),
              consortium.digest(),
              Clock.systemUTC().instant(),
              sites(before),
              sites(after),
              sites(lost),
              reason);
      ConsortiumFile.replace(out, act.encode());
      describe(common, act);
      return 0;
    }
  }

  /** {@code population sign}. */
  @Command(
      name = "sign",
      description = "Sign an act, in the name of this site and for one of its datasets.")
  static final class Sign implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "site.yaml")
    private Path config;

    @Option(names = "--act", required = true, description = "The act.")
    private Path act;

    @Option(
        names = "--dataset",
        required = true,
        description = "A dataset of this site; all datasets of its population are meant.")
    private String dataset;

    @Option(names = "--by", required = true, description = "Who decides.")
    private String by;

    @Option(names = "--out", required = true, description = "Where the signed act goes.")
    private Path out;

    @Override
    public Integer call() {
      requireShort("--by", by);
      SiteConfig site = SiteJob.config(config);
      SiteConfig.Dataset found = site.catalog().get(dataset);
      if (found == null) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "--dataset " + dataset,
            "is not in this site's catalogue.",
            "Name one of " + String.join(", ", site.catalog().keySet()) + ".");
      }
      PopulationAct read = TakenActs.read(act);
      read.requireUnder(ConsortiumFile.pinned(site.consortium()).digest());
      if (!read.signers().contains(site.site())) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "site '" + site.site() + "'",
            "is not one whose signature this act needs.",
            "It needs " + names(read.signers()) + ".");
      }
      SigningIdentity identity = ConfiguredParty.read(config).signer();
      try {
        PopulationAct signed =
            read.sign(
                site.site(),
                Declarations.population(site.site().value(), found.population()),
                by,
                Clock.systemUTC().instant(),
                identity);
        ConsortiumFile.replace(out, signed.encode());
        describe(common, signed);
        return 0;
      } finally {
        identity.destroy();
      }
    }
  }

  /** {@code population join}. */
  @Command(name = "join", description = "Put the signatures of copies of one act together.")
  static final class Join implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--out", required = true, description = "Where the joined act goes.")
    private Path out;

    @Parameters(arity = "1..*", description = "Acts that 'population sign' wrote.")
    private List<Path> copies;

    @Override
    public Integer call() {
      PopulationAct joined = TakenActs.read(copies.get(0));
      for (Path copy : copies.subList(1, copies.size())) {
        joined = joined.join(TakenActs.read(copy));
      }
      ConsortiumFile.replace(out, joined.encode());
      describe(common, joined);
      return 0;
    }
  }

  /** {@code population take}. */
  @Command(
      name = "take",
      description =
          "Check an act's signatures and take it, at a site or at the coordinator; a running process"
              + " goes by it by itself.")
  static final class Take implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--config", required = true, description = "site.yaml or coordinator.yaml.")
    private Path config;

    @Option(names = "--act", required = true, description = "The act, with all signatures.")
    private Path act;

    @Override
    public Integer call() {
      ConfiguredParty party = ConfiguredParty.read(config);
      Path state =
          party
              .state()
              .orElseThrow(
                  () ->
                      Errors.invalid(
                          ErrorCode.USAGE,
                          config.toString(),
                          "is an analyst's, and analysts keep no populations.",
                          "Take the act at sites and at the coordinator."));
      PopulationAct read = TakenActs.read(act);
      ConsortiumFile consortium = ConsortiumFile.pinned(party.consortium());
      read.require(consortium.consortium(), consortium.digest());
      if (party.role().equals("site") && read.page(new SiteId(party.id())).isEmpty()) {
        throw Errors.invalid(
            ErrorCode.USAGE,
            "site '" + party.id() + "'",
            "has no part in this act.",
            "It is for " + names(read.signers()) + ".");
      }
      TakenActs.put(state, read);
      describe(common, read);
      return 0;
    }
  }

  private static void requireShort(String option, String text) {
    if (text.getBytes(StandardCharsets.UTF_8).length > PopulationAct.MAX_TEXT_BYTES) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          option,
          "has more than " + PopulationAct.MAX_TEXT_BYTES + " bytes.",
          "Say it in fewer words.");
    }
  }

  private static Set<SiteId> sites(List<String> names) {
    Set<SiteId> sites = new TreeSet<>();
    names.forEach(name -> sites.add(new SiteId(name.strip())));
    return sites;
  }

  private static List<String> sorted(Set<SiteId> sites) {
    return sites.stream().map(SiteId::value).sorted().toList();
  }

  private static String names(Set<SiteId> sites) {
    return String.join(", ", sorted(sites));
  }

  private static void describe(CommonOptions common, PopulationAct act) {
    Console console = common.console();
    List<String> signed = new ArrayList<>();
    act.consents().forEach(each -> signed.add(each.site() + " (" + each.steward() + ")"));
    if (common.json()) {
      console.result(
          fields(
              "act", act.digest().hex(),
              "before", sorted(act.before()),
              "after", sorted(act.after()),
              "lost", sorted(act.lost()),
              "reason", act.reason(),
              "signed", signed,
              "missing", sorted(act.missing())));
      return;
    }
    console.result("act " + act.digest().hex() + " of " + act.at());
    console.result("  " + act.words());
    Set<SiteId> told = new TreeSet<>(act.before());
    told.removeAll(act.after());
    Set<SiteId> joining = new TreeSet<>(act.after());
    joining.removeAll(act.before());
    told.addAll(joining);
    console.result(
        "  who compares sums before and after may compute totals of " + names(told) + " together");
    console.result("signed: " + (signed.isEmpty() ? "nobody" : String.join(", ", signed)));
    console.result("missing: " + (act.missing().isEmpty() ? "nobody" : names(act.missing())));
  }
}
