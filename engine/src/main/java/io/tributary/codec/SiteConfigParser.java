package io.tributary.codec;

import io.tributary.study.ErrorCode;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.ConsortiumPin;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.SiteConfig.Database;
import io.tributary.study.SiteConfig.Dataset;
import io.tributary.study.SiteConfig.DosageField;
import io.tributary.study.SiteConfig.Duplicates;
import io.tributary.study.SiteConfig.ExchangeConfig;
import io.tributary.study.SiteConfig.GenotypeFormat;
import io.tributary.study.SiteConfig.Jdbc;
import io.tributary.study.SiteConfig.JsonLines;
import io.tributary.study.SiteConfig.KeyFile;
import io.tributary.study.SiteConfig.Orc;
import io.tributary.study.SiteConfig.Parquet;
import io.tributary.study.SiteConfig.Partition;
import io.tributary.study.SiteConfig.Source;
import io.tributary.study.SiteConfig.Strand;
import io.tributary.study.SiteConfig.Tls;
import io.tributary.study.SiteId;
import io.tributary.study.SitePolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads site.yaml (annotated in conf/site.yaml). Every error is CONFIG_INVALID with file, line,
 * path, problem and remedy.
 */
public final class SiteConfigParser {
  /** Between two looks at a shared folder. */
  public static final Duration DEFAULT_POLL = Duration.ofSeconds(2);

  /** Rows that a JDBC driver brings in one round trip. */
  public static final int DEFAULT_FETCH_ROWS = 10_000;

  /** Parts that a table of health records in a database is read in. */
  public static final int DEFAULT_CONNECTIONS = 4;

  /** What means "missing" in text formats unless the catalogue says otherwise. */
  public static final List<String> DEFAULT_MISSING = List.of("", "NA");

  private static final Map<String, String> FORMATS =
      Stream.of(
              "csv", "parquet", "orc", "json", "jdbc", "omop", "fhir", "plink1", "plink2", "vcf",
              "bgen")
          .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

  static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:.*");
  private static final Pattern SCHEMA =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}(\\.[A-Za-z_][A-Za-z0-9_]{0,127})?");
  private static final Pattern POPULATION = Pattern.compile("[a-z][a-z0-9-]{0,63}");
  private static final Duration MIN_POLL = Duration.ofMillis(10);
  private static final Duration MAX_POLL = Duration.ofHours(1);

  private SiteConfigParser() {}

  /**
   * The file as a value.
   *
   * @param yaml its raw bytes
   * @param file where it stands; relative paths in it start from its folder
   */
  public static SiteConfig parse(byte[] yaml, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    YamlSection top =
        StrictYaml.read(yaml, file.getFileName().toString(), ErrorCode.CONFIG_INVALID);
    SiteId site = top.placed("site", SiteId::new, top.text("site"));
    KeyFile identity = identity(top, folder);
    Optional<Tls> tls = tls(top, folder);
    ConsortiumPin consortium = consortium(top, folder);
    ExchangeConfig exchange = exchange(top.section("exchange"), folder);
    if (exchange instanceof SiteConfig.Flight && tls.isEmpty()) {
      throw top.invalid(
          "exchange",
          "Flight needs this site's TLS certificate.",
          "Add tls: {certificate: ..., key: ...}.");
    }
    Path state = path(top, "state", folder);
    Map<String, Dataset> catalog = catalog(top, folder);
    SitePolicy policy = SitePolicyParser.parse(top);
    Map<String, String> references = references(top, folder);
    top.end();
    return new SiteConfig(
        site, identity, tls, consortium, exchange, state, catalog, policy, references);
  }

  // ---- parts that the coordinator's file has too
  // -------------------------------------------------

  static KeyFile identity(YamlSection top, Path folder) {
    YamlSection section = top.section("identity");
    KeyFile identity =
        new KeyFile(path(section, "key", folder), optionalPath(section, "passwordFile", folder));
    section.end();
    return identity;
  }

  static Optional<Tls> tls(YamlSection top, Path folder) {
    return top.optionalSection("tls")
        .map(
            section -> {
              Tls tls = new Tls(path(section, "certificate", folder), path(section, "key", folder));
              section.end();
              return tls;
            });
  }

  static ConsortiumPin consortium(YamlSection top, Path folder) {
    YamlSection section = top.section("consortium");
    Path file = path(section, "file", folder);
    String digest =
        fingerprint(
            section,
            "digest",
            section.asWritten("digest").orElseThrow(() -> section.missing("digest")));
    section.end();
    return new ConsortiumPin(file, digest);
  }

  static String fingerprint(YamlSection section, String key, String digest) {
    if (!DIGEST.matcher(digest).matches()) {
      throw section.invalid(
          key,
          "expected a SHA-256 digest, found '" + digest + "'.",
          "Write 64 lower-case hexadecimal digits; `tributary roster show` prints them.");
    }
    return digest;
  }

  static Path path(YamlSection section, String key, Path folder) {
    return resolve(section, key, section.text(key), folder);
  }

  private static Optional<Path> optionalPath(YamlSection section, String key, Path folder) {
    return section.optionalText(key).map(text -> resolve(section, key, text, folder));
  }

  private static Path resolve(YamlSection section, String key, String text, Path folder) {
    try {
      return folder.resolve(text).normalize();
    } catch (java.nio.file.InvalidPathException notAPath) {
      throw section.invalid(key, "'" + text + "' is not a path.", "Write a file's name.");
    }
  }

  /** A local path or a Hadoop URI. */
  static String location(YamlSection section, String key, Path folder) {
    String text = section.text(key);
    if (SCHEME.matcher(text).matches()) {
      return text;
    }
    return resolve(section, key, text, folder).toString();
  }

  /** Public files by name; a local one is resolved against the folder. */
  static Map<String, String> references(YamlSection top, Path folder) {
    Map<String, String> references = new LinkedHashMap<>();
    YamlSection section = top.sectionOrEmpty("references");
    for (String name : section.names()) {
      if (!DatasetName.allowed(name)) {
        throw section.invalid(name, "'" + name + "' is not a name.", DatasetName.REMEDY);
      }
      references.put(name, location(section, name, folder));
    }
    section.end();
    return references;
  }

  static Duration poll(YamlSection section) {
    return section.duration("poll", DEFAULT_POLL, MIN_POLL, MAX_POLL);
  }

  static int port(YamlSection section) {
    return section.whole("port", 1, 65_535);
  }

  // ---- exchange
  // ----------------------------------------------------------------------------------

  static ExchangeConfig exchange(YamlSection section, Path folder) {
    boolean flight =
        section
            .choice("type", Map.of("files", false, "flight", true))
            .orElseThrow(() -> section.missing("type"));
    ExchangeConfig exchange;
    if (flight) {
      exchange =
          new SiteConfig.Flight(
              section.text("host"),
              port(section),
              section
                  .asWritten("coordinatorFingerprint")
                  .map(digest -> fingerprint(section, "coordinatorFingerprint", digest)));
    } else {
      exchange = new SiteConfig.Files(location(section, "path", folder), poll(section));
    }
    section.end();
    return exchange;
  }

  // ---- catalogue
  // ---------------------------------------------------------------------------------

  private static Map<String, Dataset> catalog(YamlSection top, Path folder) {
    Map<String, Dataset> catalog = new LinkedHashMap<>();
    top.namedSections("catalog")
        .forEach(
            (name, section) -> {
              if (!DatasetName.allowed(name)) {
                throw top.invalid(
                    "catalog", "'" + name + "' is not a dataset's name.", DatasetName.REMEDY);
              }
              catalog.put(name, dataset(name, section, folder));
            });
    return catalog;
  }

  private static Dataset dataset(String name, YamlSection section, Path folder) {
    String format = section.choice("format", FORMATS).orElseThrow(() -> section.missing("format"));
    boolean text = format.equals("csv") || format.equals("json");
    YamlSection options = section.sectionOrEmpty("options");
    Source source =
        switch (format) {
          case "csv" -> csv(location(section, "path", folder), options);
          case "json" ->
              new JsonLines(location(section, "path", folder), options.text("encoding", "UTF-8"));
          case "parquet" -> new Parquet(location(section, "path", folder));
          case "orc" -> new Orc(location(section, "path", folder));
          case "omop" -> omop(section, options, folder);
          case "fhir" ->
              new SiteConfig.Fhir(
                  path(section, "path", folder).toString(),
                  optionalPath(options, "tables", folder).map(Path::toString),
                  options.whole("badLines", 0, 0, Integer.MAX_VALUE));
          case "plink1" -> genotypes(GenotypeFormat.PLINK1, section, options, folder);
          case "plink2" -> genotypes(GenotypeFormat.PLINK2, section, options, folder);
          case "vcf" -> genotypes(GenotypeFormat.VCF, section, options, folder);
          case "bgen" -> genotypes(GenotypeFormat.BGEN, section, options, folder);
          default -> jdbc(options, folder);
        };
    List<String> missing =
        options.has("missing") ? options.written("missing") : text ? DEFAULT_MISSING : List.of();
    options.end();
    Map<String, String> columns = section.namedTexts("columns");
    if (new HashSet<>(columns.values()).size() < columns.size()) {
      throw section.invalid(
          "columns",
          "two study columns have one source column.",
          "Map each source column once; use derive in the study for a second one.");
    }
    String population = section.text("population", SiteConfig.DEFAULT_POPULATION);
    if (!POPULATION.matcher(population).matches()) {
      throw section.invalid(
          "population",
          "'" + population + "' is not a population's key.",
          "Use a lower-case letter and then at most 63 of a-z, 0-9 and '-'.");
    }
    section.end();
    return new Dataset(name, source, missing, columns, population);
  }

  private static SiteConfig.Genotypes genotypes(
      GenotypeFormat format, YamlSection section, YamlSection options, Path folder) {
    String path = location(section, "path", folder);
    Strand strand =
        options
            .choice("strand", Map.of("forward", Strand.FORWARD, "unknown", Strand.UNKNOWN))
            .orElse(Strand.FORWARD);
    Duplicates duplicates =
        options
            .choice("duplicates", Map.of("refuse", Duplicates.REFUSE, "first", Duplicates.FIRST))
            .orElse(Duplicates.REFUSE);
    boolean vcf = format == GenotypeFormat.VCF;
    Optional<String> samples =
        (vcf || format == GenotypeFormat.BGEN) && options.has("samples")
            ? Optional.of(location(options, "samples", folder))
            : Optional.empty();
    Optional<DosageField> dosage =
        vcf
            ? options.choice("dosage", Map.of("DS", DosageField.DS, "GP", DosageField.GP))
            : Optional.empty();
    boolean unsplittable =
        vcf && options.choice("unsplittable", Map.of("refuse", false, "allow", true)).orElse(false);
    return new SiteConfig.Genotypes(
        format, path, strand, duplicates, samples, dosage, unsplittable);
  }

  private static Csv csv(String path, YamlSection options) {
    Csv plain = Csv.of(path);
    char delimiter = character(options, "delimiter", plain.delimiter());
    char quote = character(options, "quote", plain.quote());
    char escape = character(options, "escape", quote);
    String encoding = options.text("encoding", plain.encoding());
    char decimal = character(options, "decimal", plain.decimal());
    if (decimal != '.' && decimal != ',') {
      throw options.invalid(
          "decimal", "the decimal mark is '.' or ','.", "Write decimal: ',' or leave it out.");
    }
    if (decimal == delimiter || delimiter == quote) {
      throw options.invalid(
          "delimiter",
          "delimiter, quote and decimal mark must differ.",
          "A file with decimal commas is usually delimited by ';'.");
    }
    boolean header = options.flag("header", plain.header());
    List<String> names = options.texts("names");
    if (header == !names.isEmpty()) {
      throw options.invalid(
          header ? "names" : "header",
          header ? "names are given although there is a header." : "there is no header.",
          "Without a header write header: false and names: [first, second].");
    }
    if (new HashSet<>(names).size() < names.size()) {
      throw options.invalid("names", "a name stands here twice.", "Name each column once.");
    }
    boolean newlines = options.flag("newlinesInQuotes", plain.newlinesInQuotes());
    return new Csv(path, delimiter, quote, escape, encoding, decimal, header, names, newlines);
  }

  private static char character(YamlSection options, String key, char byDefault) {
    Optional<String> text = options.optionalText(key);
    if (text.isEmpty()) {
      return byDefault;
    }
    if (text.get().equals("\\t")) {
      return '\t';
    }
    if (text.get().length() != 1) {
      throw options.invalid(
          key,
          "expected one character, found " + text.get().length() + ".",
          "Write it in quotes, such as ';' or \"\\t\".");
    }
    return text.get().charAt(0);
  }

  private static Jdbc jdbc(YamlSection options, Path folder) {
    Database database = database(options, folder);
    Optional<Partition> partition =
        options
            .optionalSection("partition")
            .map(
                section -> {
                  long low = section.whole("low", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
                  long high = section.whole("high", Integer.MIN_VALUE, Integer.MAX_VALUE);
                  Partition cut =
                      new Partition(
                          section.text("column"), low, high, section.whole("count", 1, 1024));
                  section.end();
                  if (low >= high) {
                    throw section.invalid(
                        "high", "high must be above low.", "Look at the column's values.");
                  }
                  return cut;
                });
    return new Jdbc(database, options.text("table"), partition);
  }

  private static Source omop(YamlSection section, YamlSection options, Path folder) {
    if (!options.has("url")) {
      return new SiteConfig.Omop(path(section, "path", folder).toString());
    }
    return new SiteConfig.OmopDatabase(
        database(options, folder),
        schema(options, "schema"),
        schema(options, "vocabulary"),
        options.whole("connections", DEFAULT_CONNECTIONS, 1, 1024));
  }

  /** It becomes part of queries, so it is a plain name. */
  private static Optional<String> schema(YamlSection options, String key) {
    Optional<String> schema = options.optionalText(key);
    if (schema.isPresent() && !SCHEMA.matcher(schema.get()).matches()) {
      throw options.invalid(
          key,
          "'" + schema.get() + "' is not a schema's name.",
          "Use letters, digits and '_', and a '.' after the name of a database.");
    }
    return schema;
  }

  private static Database database(YamlSection options, Path folder) {
    String url = options.text("url");
    if (!url.startsWith("jdbc:")) {
      throw options.invalid(
          "url", "a JDBC URL starts with 'jdbc:'.", "Write jdbc:postgresql://host:5432/database.");
    }
    if (url.toLowerCase(java.util.Locale.ROOT).contains("password")) {
      throw options.invalid(
          "url",
          "the URL holds a password.",
          "Put the password in a file of its own and name it under passwordFile.");
    }
    return new Database(
        url,
        options.optionalText("user"),
        optionalPath(options, "passwordFile", folder),
        options.whole("fetchRows", DEFAULT_FETCH_ROWS, 1, 1_000_000));
  }
}
