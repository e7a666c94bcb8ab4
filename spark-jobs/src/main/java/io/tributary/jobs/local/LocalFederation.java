package io.tributary.jobs.local;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tributary.codec.CoordinatorConfigParser;
import io.tributary.codec.SiteConfigParser;
import io.tributary.codec.StudyParser;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.keys.ConsortiumFile;
import io.tributary.jobs.keys.PartyCard;
import io.tributary.jobs.keys.PartyFolder;
import io.tributary.study.CoordinatorConfig;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A whole federation in one folder, for one machine: fresh keys, a consortium file, and the
 * configuration of a coordinator and of every site, as their owners would have written them.
 *
 * <pre>
 *   HOME/consortium.yaml
 *   HOME/analyst/analyst.yaml, identity.key, tls.crt ...
 *   HOME/coordinator/coordinator.yaml, identity.key, tls.crt ..., state/
 *   HOME/sites/SITE/site.yaml, identity.key, tls.crt ..., state/
 *   HOME/exchange/                                   the shared folder, with files as transport
 * </pre>
 *
 * <p>A site's data stay in its own folder below {@code --sites}. Without a site.yaml there, every
 * {@code x.csv} or {@code x.parquet} is dataset {@code x} and everything is allowed; a folder of
 * OMOP tables is dataset {@code omop}, or has its own name below the site's; a site.yaml may hold
 * {@code catalog} and {@code policy}, which are then used instead, and {@code references}.
 */
public final class LocalFederation {
  public static final String ANALYST = "analyst";
  public static final String COORDINATOR = "coordinator";

  /** Starting five processes takes a small machine this long; nobody is left out for being slow. */
  public static final Duration SETUP = Duration.ofMinutes(3);

  /** The same where somebody is known to be away, so that the wait is always to the end. */
  public static final Duration SETUP_WITHOUT_ABSENT = Duration.ofSeconds(30);

  /** Sites that are threads of one process answer at once. */
  public static final Duration SETUP_IN_ONE_JVM = Duration.ofSeconds(5);

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration VALIDITY = Duration.ofDays(365);
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private final Path home;

  /** How the processes meet. */
  public enum Transport {
    FLIGHT,
    FILES
  }

  private LocalFederation(Path home) {
    this.home = home;
  }

  /** A federation that {@link #create} has made before; DATA_MISSING if there is none. */
  public static LocalFederation open(Path home) {
    LocalFederation federation = new LocalFederation(home.toAbsolutePath());
    if (!Files.exists(federation.coordinatorConfig())) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          home.toString(),
          "holds no federation.",
          "Make one with 'tributary local prepare'.");
    }
    return federation;
  }

  public static boolean existsIn(Path home) {
    return Files.exists(new LocalFederation(home).coordinatorConfig());
  }

  /**
   * Makes keys and configuration.
   *
   * @param home new or empty folder
   * @param data folder with one sub-folder a site
   * @param sites everybody in the consortium
   * @param present sites to make configuration for, each with a sub-folder in {@code data}
   * @param setup how long the coordinator waits for a site's key before it goes on without it
   */
  public static LocalFederation create(
      Path home,
      Path data,
      List<SiteId> sites,
      List<SiteId> present,
      Transport transport,
      Duration setup,
      Clock clock,
      SecureRandom random) {
    LocalFederation federation = new LocalFederation(home.toAbsolutePath());
    try {
      Files.createDirectories(federation.home);
      List<PartyCard> parties = new ArrayList<>();
      List<String> hosts = List.of(LOOPBACK, "localhost");
      parties.add(federation.keys(COORDINATOR, PartyCard.Role.COORDINATOR, hosts, clock, random));
      parties.add(federation.keys(ANALYST, PartyCard.Role.ANALYST, List.of(), clock, random));
      Optional<io.tributary.study.Consortium> consortium =
          Optional.of(
              ConsortiumFile.with(
                  Optional.empty(),
                  parties,
                  "local",
                  "local",
                  clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(1)),
                  validUntil(clock)));
      for (SiteId site : sites) {
        PartyCard card =
            federation.keys("sites/" + site, PartyCard.Role.SITE, List.of(), clock, random);
        // One organisation each: on a real federation c counts organisations, here sites.
        consortium =
            Optional.of(
                ConsortiumFile.with(
                    consortium, List.of(card), site.value(), "", Instant.MIN, Instant.MAX));
      }
      ConsortiumFile file = ConsortiumFile.write(federation.consortium(), consortium.orElseThrow());
      int port = transport == Transport.FLIGHT ? freePort() : 0;
      Map<String, Object> references = new TreeMap<>();
      for (SiteId site : present) {
        references.putAll(references(data.resolve(site.value())));
      }
      federation.writeCoordinator(file, transport, port, setup, references);
      federation.writeAnalyst(file, transport, port);
      for (SiteId site : present) {
        federation.writeSite(site, data.resolve(site.value()), file, transport, port);
      }
      return federation;
    } catch (IOException e) {
      throw Errors.storageFailed(
          "Cannot make the federation in " + home + ": " + e.getMessage() + ".",
          "Check the folder's permissions and the disk.",
          e);
    }
  }

  public Path home() {
    return home;
  }

  public Path consortium() {
    return home.resolve("consortium.yaml");
  }

  public Path analystConfig() {
    return home.resolve(ANALYST).resolve("analyst.yaml");
  }

  public Path coordinatorConfig() {
    return home.resolve(COORDINATOR).resolve("coordinator.yaml");
  }

  public Path siteConfig(SiteId site) {
    return home.resolve("sites").resolve(site.value()).resolve("site.yaml");
  }

  /** Where a process's output goes. */
  public Path log(String party) {
    return home.resolve("logs").resolve(party + ".log");
  }

  public CoordinatorConfig readCoordinator() {
    return CoordinatorConfigParser.parse(bytes(coordinatorConfig()), coordinatorConfig());
  }

  public SiteConfig readSite(SiteId site) {
    return SiteConfigParser.parse(bytes(siteConfig(site)), siteConfig(site));
  }

  /**
   * The sites a folder holds: sub-folders whose names are site ids.
   *
   * @return in byte order; DATA_MISSING if there are fewer than one
   */
  public static List<SiteId> sitesIn(Path data) {
    if (!Files.isDirectory(data)) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          data.toString(),
          "is no folder.",
          "Give a folder with one sub-folder a site; 'tributary local split' makes one.");
    }
    try {
      List<SiteId> sites = LocalSplit.sites(data).stream().map(SiteId::new).toList();
      if (sites.isEmpty()) {
        throw Errors.data(
            ErrorCode.DATA_MISSING,
            data.toString(),
            "has no sub-folder.",
            "Make one sub-folder a site; 'tributary local split' does.");
      }
      return sites;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant validUntil(Clock clock) {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS).plus(VALIDITY);
  }

  private PartyCard keys(
      String folder, PartyCard.Role role, List<String> hosts, Clock clock, SecureRandom random) {
    String id = folder.substring(folder.lastIndexOf('/') + 1);
    return PartyFolder.create(
        home.resolve(folder),
        new SiteId(id),
        role,
        hosts,
        VALIDITY,
        Optional.empty(),
        clock,
        random);
  }

  private void writeCoordinator(
      ConsortiumFile file,
      Transport transport,
      int port,
      Duration setup,
      Map<String, Object> references)
      throws IOException {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("id", COORDINATOR);
    common(yaml, file, "../");
    yaml.put("state", "state");
    yaml.put(
        "exchange",
        transport == Transport.FLIGHT
            ? ordered("type", "flight", "host", LOOPBACK, "port", port)
            : ordered("type", "files", "path", exchangeFolder(), "poll", "50ms"));
    // People sit and wait here; on a real federation a site may be away for a week.
    yaml.put(
        "deadlines",
        ordered("setup", setup.toSeconds() + "s", "upload", "10m", "unmask", "2m", "site", "10m"));
    if (!references.isEmpty()) {
      yaml.put("references", references);
    }
    write(coordinatorConfig(), yaml);
  }

  private void writeAnalyst(ConsortiumFile file, Transport transport, int port) throws IOException {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("analyst", ANALYST);
    common(yaml, file, "../");
    yaml.put("exchange", outward(transport, port));
    write(analystConfig(), yaml);
  }

  /** How everybody but the coordinator reaches it. */
  private Map<String, Object> outward(Transport transport, int port) {
    return transport == Transport.FLIGHT
        ? ordered("type", "flight", "host", LOOPBACK, "port", port)
        : ordered("type", "files", "path", exchangeFolder(), "poll", "50ms");
  }

  private void writeSite(SiteId site, Path data, ConsortiumFile file, Transport transport, int port)
      throws IOException {
    Map<String, Object> yaml = new LinkedHashMap<>();
    yaml.put("site", site.value());
    common(yaml, file, "../../");
    yaml.put("exchange", outward(transport, port));
    yaml.put("state", "state");
    Path own = data.resolve("site.yaml");
    Map<?, ?> given = given(own);
    Map<String, Object> catalog =
        given.containsKey("catalog") ? absolute(own, given) : everything(data);
    yaml.put("catalog", catalog);
    Map<String, Object> references = references(data);
    if (!references.isEmpty()) {
      yaml.put("references", references);
    }
    yaml.put(
        "policy",
        given.containsKey("policy")
            ? given.get("policy")
            : ordered(
                "datasets", List.of("all"),
                "columns", List.of("all"),
                "analyses", everyAnalysis(),
                "analysts", List.of("all"),
                "purposes", List.of("all"),
                "budgets",
                    catalog.keySet().stream()
                        .map(
                            name -> ordered("dataset", name, "rho", StudyParser.MAX_RHO.toString()))
                        .toList(),
                "approval", "rules"));
    write(siteConfig(site), yaml);
  }

  private static Map<?, ?> given(Path own) throws IOException {
    return Files.exists(own) ? YAML.readValue(Files.readAllBytes(own), Map.class) : Map.of();
  }

  /** The public files that a site's own file names; the coordinator gets those of all sites. */
  private static Map<String, Object> references(Path data) throws IOException {
    Path own = data.resolve("site.yaml");
    Map<String, Object> references = new TreeMap<>();
    if (given(own).get("references") instanceof Map<?, ?> places) {
      places.forEach(
          (name, place) -> references.put(name.toString(), located(own, place.toString())));
    }
    return references;
  }

  /** A path beside a file; a URI as it is. */
  private static String located(Path own, String path) {
    boolean uri = path.matches("[A-Za-z][A-Za-z0-9+.-]*:.*");
    return uri ? path : own.toAbsolutePath().getParent().resolve(path).normalize().toString();
  }

  /** All types, also with sums over single persons: they are on this machine anyway. */
  private static Map<String, Object> everyAnalysis() {
    Map<String, Object> analyses = new LinkedHashMap<>();
    Catalog.types().forEach(type -> analyses.put(type, ordered("sparse", "allow")));
    return analyses;
  }

  private static void common(Map<String, Object> yaml, ConsortiumFile file, String up) {
    yaml.put("identity", ordered("key", PartyFolder.IDENTITY));
    yaml.put(
        "tls", ordered("certificate", PartyFolder.TLS_CERTIFICATE, "key", PartyFolder.TLS_KEY));
    yaml.put("consortium", ordered("file", up + "consortium.yaml", "digest", file.digest().hex()));
  }

  private String exchangeFolder() {
    return home.resolve("exchange").toString();
  }

  /** Every table in a folder, under its own name. */
  private static Map<String, Object> everything(Path data) throws IOException {
    Map<String, Object> catalog = new TreeMap<>();
    if (!Files.isDirectory(data)) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          data.toString(),
          "is no folder.",
          "The study names this site; give it a sub-folder, or name it after --absent.");
    }
    if (isCommonDataModel(data)) {
      return ordered("omop", omop(data));
    }
    try (var files = Files.list(data)) {
      for (Path file : files.sorted().toList()) {
        if (isCommonDataModel(file)) {
          catalog.put(file.getFileName().toString(), omop(file));
          continue;
        }
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        String format = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
        if (format.equals("csv") || format.equals("parquet")) {
          Object before =
              catalog.put(
                  name.substring(0, dot),
                  ordered("format", format, "path", file.toAbsolutePath().toString()));
          if (before != null) {
            throw Errors.data(
                ErrorCode.DATA_INVALID,
                data.toString(),
                "has dataset '" + name.substring(0, dot) + "' as CSV and as Parquet.",
                "Keep one of them, or write a site.yaml with a catalog.");
          }
        }
      }
    }
    if (catalog.isEmpty()) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          data.toString(),
          "has no .csv and no .parquet file.",
          "Put the site's tables there, or a site.yaml with a catalog.");
    }
    return catalog;
  }

  private static Map<String, Object> omop(Path folder) {
    return ordered("format", "omop", "path", folder.toAbsolutePath().toString());
  }

  /** A folder with a table of persons, such as {@code PERSON.csv}, and one of what was observed. */
  private static boolean isCommonDataModel(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var files = Files.list(folder)) {
      List<String> names =
          files
              .map(file -> file.getFileName().toString().toLowerCase(Locale.ROOT))
              .map(name -> name.replaceAll("\\.(csv|csv\\.gz|parquet)$", ""))
              .toList();
      return names.contains("person") && names.contains("observation_period");
    }
  }

  /** The catalogue of a site's own file, its relative paths made absolute. */
  private static Map<String, Object> absolute(Path own, Map<?, ?> given) {
    if (!(given.get("catalog") instanceof Map<?, ?> datasets)) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID,
          own.toString(),
          "catalog is no mapping.",
          "Write catalog: {DATASET: {format: csv, path: FILE}}.");
    }
    Map<String, Object> catalog = new LinkedHashMap<>();
    datasets.forEach(
        (name, entry) -> {
          if (entry instanceof Map<?, ?> fields && fields.get("path") instanceof String path) {
            Map<Object, Object> copy = new LinkedHashMap<>(fields);
            copy.put("path", located(own, path));
            catalog.put(name.toString(), copy);
          } else {
            catalog.put(name.toString(), entry);
          }
        });
    return catalog;
  }

  private static Map<String, Object> ordered(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private static void write(Path file, Map<String, Object> yaml) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, YAML.writeValueAsBytes(yaml));
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.CONFIG_INVALID, file.toString(), "cannot be read.", "Check its permissions.");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
