package io.tributary.jobs.cli;

import static io.tributary.jobs.console.Commands.fields;

import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.identity.KeyFile;
import io.tributary.identity.SigningIdentity;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.evidence.Dossier;
import io.tributary.jobs.evidence.DossierCheck;
import io.tributary.jobs.evidence.PartyConfig;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.jobs.study.StudyFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary evidence STUDY}, {@code tributary evidence verify}: a study's dossier. */
@Command(
    name = "evidence",
    description =
        "Gather a study's signatures, policy, decisions, messages and digests in one file, a"
            + " dossier, that anybody can verify.",
    subcommands = {EvidenceCommand.Verify.class})
final class EvidenceCommand implements Callable<Integer> {
  private static final long MAX_DOSSIER_BYTES = 600L << 20;

  @Mixin private CommonOptions common;

  @Parameters(arity = "0..1", description = "study.yaml, or the study's digest in hex.")
  private String study;

  @Option(names = "--config", description = "site.yaml or coordinator.yaml of the maker.")
  private Path config;

  @Option(names = "--out", description = "The dossier, a new .zip file.")
  private Path out;

  @Override
  public Integer call() {
    if (study == null || config == null || out == null) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          "evidence",
          "needs a study, --config and --out.",
          "Write 'tributary evidence STUDY --config site.yaml --out dossier.zip'.");
    }
    PartyConfig party = PartyConfig.read(config);
    SigningIdentity identity =
        KeyFile.read(party.identity().key(), PasswordFile.read(party.identity().passwordFile()));
    try (Exchange exchange = party.exchange(Clock.systemUTC())) {
      byte[] dossier = Dossier.make(party, identity, exchange, digest());
      Files.write(out, dossier, StandardOpenOption.CREATE_NEW);
      common
          .console()
          .result(out + ", " + dossier.length + " bytes, SHA-256 " + Digest.sha256(dossier).hex());
    } catch (IOException e) {
      throw Errors.storageFailed(
          "Cannot write " + out + ".", "Name a new file in a folder that exists.", e);
    } finally {
      identity.destroy();
    }
    return 0;
  }

  private Digest digest() {
    return study.matches("[0-9a-f]{64}")
        ? Digest.ofHex(study)
        : StudyFile.read(Path.of(study)).digest();
  }

  /** {@code evidence verify}. */
  @Command(
      name = "verify",
      description =
          "Check a dossier against a consortium file and nothing else; exit code 4 if not.")
  static final class Verify implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Parameters(description = "The dossier.")
    private Path dossier;

    @Option(names = "--roster", required = true, description = "The consortium file.")
    private Path roster;

    @Override
    public Integer call() {
      ConsortiumFile consortium = ConsortiumFile.read(roster);
      DossierCheck.Findings found = DossierCheck.check(bytes(), consortium);
      Console console = common.console();
      if (common.json()) {
        console.result(
            fields(
                "study", found.digest().hex(),
                "maker", found.maker(),
                "sums", found.sums().size(),
                "lines", found.journal().lines(),
                "versions", found.versions(),
                "libraries",
                    found.materials().map(materials -> materials.libraries().size()).orElse(0),
                "roster", consortium.digest().hex()));
        return 0;
      }
      console.result(
          "study %s, signed by %s: in order"
              .formatted(found.study().name(), found.signature().analyst()));
      console.result(
          "%d sums, each over a roster that all its sites acknowledged, each certified by enough of them"
              .formatted(found.sums().size()));
      console.result(
          "journal of %s: %d lines, chain in order, %d checkpoints, %d copies agree"
              .formatted(
                  found.maker(),
                  found.journal().lines(),
                  found.journal().checkpoints(),
                  found.journal().copies()));
      found
          .release()
          .ifPresent(release -> console.result("release.json has SHA-256 " + release.hex()));
      console.result(
          "made by Tributary %s, jar %s, with %s"
              .formatted(
                  found.versions().getOrDefault("tributary", "of no version"),
                  found.versions().getOrDefault("jar", "of no digest"),
                  found
                      .materials()
                      .map(materials -> materials.libraries().size() + " libraries in its bill")
                      .orElse("no bill of materials")));
      console.result("checked against consortium file " + consortium.digest().hex());
      return 0;
    }

    private byte[] bytes() {
      try {
        if (Files.size(dossier) > MAX_DOSSIER_BYTES) {
          throw Errors.invalid(
              ErrorCode.USAGE,
              dossier.toString(),
              "is too large for a dossier.",
              "Check the file.");
        }
        return Files.readAllBytes(dossier);
      } catch (IOException e) {
        throw Errors.invalid(
            ErrorCode.USAGE, dossier.toString(), "cannot be read.", "Check the path.");
      }
    }
  }
}
