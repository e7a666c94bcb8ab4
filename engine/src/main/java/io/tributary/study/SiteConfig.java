package io.tributary.study;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One site as its file says (annotated in conf/site.yaml). Local files are resolved against the
 * folder of that file. Secrets stand in files of their own, never here.
 *
 * @param site its id in the consortium file
 * @param identity Ed25519 key that signs
 * @param tls certificate for Flight; may be absent with files as exchange
 * @param consortium who exists
 * @param exchange how it meets the coordinator
 * @param state folder of the write-ahead log, journal and ledger; one process at a time
 * @param catalog sources by logical dataset
 * @param policy what a study may do here; {@link SitePolicy#DENY} if the file has none
 * @param references public files that studies name, such as lists of variants: places by name
 */
public record SiteConfig(
    SiteId site,
    KeyFile identity,
    Optional<Tls> tls,
    ConsortiumPin consortium,
    ExchangeConfig exchange,
    Path state,
    Map<String, Dataset> catalog,
    SitePolicy policy,
    Map<String, String> references) {

  /** One population for the whole site (PROTOCOL.md 2.8). */
  public static final String DEFAULT_POPULATION = "site";

  public SiteConfig {
    catalog = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(catalog));
    references = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(references));
  }

  /**
   * A private key.
   *
   * @param key file that holds it
   * @param passwordFile file with the password that opens it, its first line; empty if it has none
   */
  public record KeyFile(Path key, Optional<Path> passwordFile) {}

  /** PEM files of the TLS certificate and its key. */
  public record Tls(Path certificate, Path key) {}

  /**
   * The consortium file and what its bytes must hash to.
   *
   * @param digest SHA-256 in lower-case hex
   */
  public record ConsortiumPin(Path file, String digest) {}

  /** How a site meets the coordinator; both kinds only ever reach outwards. */
  public sealed interface ExchangeConfig {}

  /**
   * A shared folder.
   *
   * @param path local folder or Hadoop URI
   * @param poll the longest pause between two looks while waiting; the first pauses are shorter
   */
  public record Files(String path, Duration poll) implements ExchangeConfig {}

  /**
   * The coordinator's Flight server.
   *
   * @param coordinatorFingerprint SHA-256 of its TLS certificate's DER form, lower-case hex; empty
   *     means the one in the consortium file
   */
  public record Flight(String host, int port, Optional<String> coordinatorFingerprint)
      implements ExchangeConfig {}

  /**
   * The source of one logical dataset.
   *
   * @param name logical name, as studies say it
   * @param source where and in which form
   * @param missing texts that mean a missing value, compared after trimming; for number columns of
   *     a typed format those that are numbers are compared as numbers
   * @param columns source names by study name, where they differ
   * @param population PROTOCOL.md 2.8
   */
  public record Dataset(
      String name,
      Source source,
      List<String> missing,
      Map<String, String> columns,
      String population) {
    public Dataset {
      missing = List.copyOf(missing);
      columns = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }

    /** The source's name of a study column. */
    public String sourceName(String studyName) {
      return columns.getOrDefault(studyName, studyName);
    }
  }

  /** Where a dataset is, and in which form. */
  public sealed interface Source {}

  /**
   * Comma-separated text.
   *
   * @param path file or folder of files, local or Hadoop URI
   * @param delimiter one character
   * @param quote one character
   * @param escape one character; with the quote's own character a quote inside quotes is doubled
   * @param encoding name of a character set
   * @param decimal '.' or ','
   * @param header first line of each file holds the names; else {@code names} does
   * @param names of the columns in their order, if there is no header
   * @param newlinesInQuotes a quoted value may hold line breaks; such a file cannot be split
   */
  public record Csv(
      String path,
      char delimiter,
      char quote,
      char escape,
      String encoding,
      char decimal,
      boolean header,
      List<String> names,
      boolean newlinesInQuotes)
      implements Source {
    public Csv {
      names = List.copyOf(names);
    }

    /** Comma, double quotes (doubled inside), UTF-8, a header, no line breaks inside values. */
    public static Csv of(String path) {
      return new Csv(path, ',', '"', '"', "UTF-8", '.', true, List.of(), false);
    }
  }

  /** One JSON object a line. */
  public record JsonLines(String path, String encoding) implements Source {}

  public record Parquet(String path) implements Source {}

  public record Orc(String path) implements Source {}

  /**
   * Health records in the OMOP common data model.
   *
   * @param path local folder with a file or folder for each table, CSV or Parquet
   */
  public record Omop(String path) implements Source {}

  /**
   * Health records in the OMOP common data model, as tables of a database.
   *
   * @param schema of the tables, {@code schema} or {@code database.schema} as the database spells
   *     it; empty for the one that the user sees without naming any
   * @param vocabulary schema of the vocabulary's tables, where it is another one
   * @param connections how many parts a table of events is read in at once, cut by person
   */
  public record OmopDatabase(
      Database database, Optional<String> schema, Optional<String> vocabulary, int connections)
      implements Source {}

  /**
   * Health records as a FHIR R4 bulk export.
   *
   * @param path local folder of NDJSON files
   * @param tables local folder of OMOP tables that stand beside it: the vocabulary, and observation
   *     periods if they are known
   * @param badLines so many lines of no use are left out among the resources of each type
   */
  public record Fhir(String path, Optional<String> tables, int badLines) implements Source {}

  /**
   * Genotypes of persons.
   *
   * @param format of the files
   * @param path of the files, or what their names begin with; local or Hadoop URI
   * @param strand whether alleles are surely those of the reference's forward strand
   * @param duplicates what to do with a variant that stands in the files twice
   * @param samples file that names the samples, or tells more of them; empty if the genotypes' own
   *     file is enough
   * @param dosage field of a VCF file that is read; GT if it is empty
   * @param unsplittable whether a file may be read that every task has to read from its start
   */
  public record Genotypes(
      GenotypeFormat format,
      String path,
      Strand strand,
      Duplicates duplicates,
      Optional<String> samples,
      Optional<DosageField> dosage,
      boolean unsplittable)
      implements Source {
    /** Files for which no option of their form is set. */
    public Genotypes(GenotypeFormat format, String path, Strand strand, Duplicates duplicates) {
      this(format, path, strand, duplicates, Optional.empty(), Optional.empty(), false);
    }
  }

  /** Forms of genotype files. */
  public enum GenotypeFormat {
    /** PLINK 1: .bed, .bim, .fam. */
    PLINK1("plink1"),
    /** PLINK 2 with rows of fixed width: .pgen, .pvar, .psam. */
    PLINK2("plink2"),
    /** VCF 4.x, plain or by bgzip. */
    VCF("vcf"),
    /** BGEN 1.2 and 1.3. */
    BGEN("bgen");

    private final String word;

    GenotypeFormat(String word) {
      this.word = word;
    }

    /** As a catalogue writes it. */
    public String word() {
      return word;
    }
  }

  /** Fields of a VCF file that hold dosages. */
  public enum DosageField {
    /** Expected copies of each ALT. */
    DS,
    /** Probability of each genotype. */
    GP
  }

  /** On which strand a file's alleles are written. */
  public enum Strand {
    FORWARD,
    /** Either one: alleles match also by their complement, palindromic variants never. */
    UNKNOWN
  }

  /** What becomes of a variant that stands in a file twice. */
  public enum Duplicates {
    REFUSE,
    FIRST
  }

  /**
   * A database and who reads it.
   *
   * @param url without password
   * @param user who connects
   * @param passwordFile its first line is the password
   * @param fetchRows rows a round trip
   */
  public record Database(
      String url, Optional<String> user, Optional<Path> passwordFile, int fetchRows) {}

  /**
   * A table of a database.
   *
   * @param table name, or a query in parentheses with an alias
   * @param partition how the read is cut, empty for one connection
   */
  public record Jdbc(Database database, String table, Optional<Partition> partition)
      implements Source {}

  /**
   * Cuts a JDBC read by a whole-number column into {@code count} ranges between low and high; rows
   * beyond are in the first and last one.
   */
  public record Partition(String column, long low, long high, int count) {}
}
