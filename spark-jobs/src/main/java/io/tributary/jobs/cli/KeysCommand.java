package io.tributary.jobs.cli;

import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.jobs.keys.PartyCard;
import io.tributary.jobs.keys.PartyFolder;
import io.tributary.jobs.keys.PasswordFile;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary keys ...}: a party's identity and certificate. */
@Command(
    name = "keys",
    description = "Keys of a site, an analyst or the coordinator.",
    subcommands = {KeysCommand.New.class, KeysCommand.Renew.class})
final class KeysCommand {

  /** {@code keys new}. */
  @Command(
      name = "new",
      description = "Make an Ed25519 identity and a TLS certificate; print the public card.")
  static final class New implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--id", required = true, description = "Id in the consortium file.")
    private String id;

    @Option(names = "--role", required = true, description = "${COMPLETION-CANDIDATES}")
    private PartyCard.Role role;

    @Option(names = "--out", required = true, description = "Folder for the files.")
    private Path out;

    @Option(
        names = "--host",
        description = "Name or address under which a coordinator is reached; may be repeated.")
    private List<String> hosts = List.of();

    @Option(
        names = "--tls-days",
        defaultValue = "365",
        description = "Validity of the TLS certificate in days, 1 to 3650.")
    private int tlsDays;

    @Option(
        names = "--password-file",
        description = "Encrypt the identity with the file's first line.")
    private Path passwordFile;

    @Override
    public Integer call() {
      PartyCard card =
          PartyFolder.create(
              out,
              new SiteId(id),
              role,
              hosts,
              validity(tlsDays),
              PasswordFile.read(Optional.ofNullable(passwordFile)),
              Clock.systemUTC(),
              new SecureRandom());
      show(common, card, out);
      return 0;
    }
  }

  /** {@code keys renew}. */
  @Command(
      name = "renew",
      description =
          "Make a new TLS certificate; the identity stays. The consortium file needs the new card"
              + " ('roster replace').")
  static final class Renew implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--keys", required = true, description = "Folder that 'keys new' made.")
    private Path keys;

    @Option(
        names = "--host",
        description = "Name or address under which a coordinator is reached; may be repeated.")
    private List<String> hosts = List.of();

    @Option(
        names = "--tls-days",
        defaultValue = "365",
        description = "Validity of the TLS certificate in days, 1 to 3650.")
    private int tlsDays;

    @Override
    public Integer call() {
      PartyCard card =
          PartyFolder.renew(keys, hosts, validity(tlsDays), Clock.systemUTC(), new SecureRandom());
      show(common, card, keys);
      return 0;
    }
  }

  private static Duration validity(int days) {
    if (days < 1 || days > 3650) {
      throw Errors.invalid(
          ErrorCode.USAGE, "--tls-days", "must be 1 to 3650.", "Give another number.");
    }
    return Duration.ofDays(days);
  }

  private static void show(CommonOptions common, PartyCard card, Path out) {
    Console console = common.console();
    if (common.json()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("id", card.id().value());
      fields.put("key", card.key());
      fields.put("tlsFingerprint", card.tlsFingerprint());
      fields.put("card", out.resolve(PartyFolder.CARD).toString());
      console.result(fields);
    } else {
      console.result("id              " + card.id());
      console.result("key             " + card.key());
      console.result("tlsFingerprint  " + card.tlsFingerprint());
      console.result("Send " + out.resolve(PartyFolder.CARD) + " to the consortium's keeper.");
    }
  }
}
