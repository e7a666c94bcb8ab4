package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tributary.study.ErrorCode;
import io.tributary.study.Rho;
import io.tributary.study.SiteConfig;
import io.tributary.study.SiteConfig.Csv;
import io.tributary.study.SiteConfig.Database;
import io.tributary.study.SiteConfig.Dataset;
import io.tributary.study.SiteConfig.Jdbc;
import io.tributary.study.SiteConfig.JsonLines;
import io.tributary.study.SiteConfig.KeyFile;
import io.tributary.study.SiteConfig.OmopDatabase;
import io.tributary.study.SiteConfig.Orc;
import io.tributary.study.SiteConfig.Parquet;
import io.tributary.study.SiteConfig.Partition;
import io.tributary.study.SiteConfig.Tls;
import io.tributary.study.SiteId;
import io.tributary.study.SitePolicy;
import io.tributary.study.SitePolicy.Allowed;
import io.tributary.study.SitePolicy.Budget;
import io.tributary.study.SitePolicy.Columns;
import io.tributary.study.SitePolicy.Limits;
import io.tributary.study.SitePolicy.Named;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SiteConfigParserTest {
  private static final String DIGEST = "ab".repeat(32);

  private static final String REQUIRED =
      """
      site: north
      identity: {key: north.key}
      consortium: {file: consortium.yaml, digest: %s}
      exchange: {type: files, path: exchange}
      state: state
      """
          .formatted(DIGEST);

  private static SiteConfig parse(String yaml) {
    return SiteConfigParser.parse(
        yaml.getBytes(StandardCharsets.UTF_8), Path.of("/etc/tributary/site.yaml"));
  }

  private static Dataset dataset(String entry) {
    return parse(REQUIRED + "catalog:\n  d: " + entry + "\n").catalog().get("d");
  }

  @Test
  void defaults() {
    SiteConfig config = parse(REQUIRED);
    assertThat(config.site()).isEqualTo(new SiteId("north"));
    assertThat(config.identity())
        .isEqualTo(new KeyFile(Path.of("/etc/tributary/north.key"), Optional.empty()));
    assertThat(config.tls()).isEmpty();
    assertThat(config.exchange())
        .isEqualTo(new SiteConfig.Files("/etc/tributary/exchange", Duration.ofSeconds(2)));
    assertThat(config.state()).isEqualTo(Path.of("/etc/tributary/state"));
    assertThat(config.catalog()).isEmpty();
    assertThat(config.policy()).isEqualTo(SitePolicy.DENY);
    assertThat(dataset("{format: csv, path: d.csv}"))
        .isEqualTo(
            new Dataset(
                "d",
                new Csv(
                    "/etc/tributary/d.csv", ',', '"', '"', "UTF-8", '.', true, List.of(), false),
                List.of("", "NA"),
                Map.of(),
                "site"));
    assertThat(dataset("{format: parquet, path: d}").missing()).isEmpty();
    assertThat(dataset("{format: plink1, path: d}").source())
        .isEqualTo(
            new SiteConfig.Genotypes(
                SiteConfig.GenotypeFormat.PLINK1,
                "/etc/tributary/d",
                SiteConfig.Strand.FORWARD,
                SiteConfig.Duplicates.REFUSE));
    assertThat(
            dataset("{format: vcf, path: d.vcf.gz, options: {unsplittable: allow, dosage: DS}}")
                .source())
        .isEqualTo(
            new SiteConfig.Genotypes(
                SiteConfig.GenotypeFormat.VCF,
                "/etc/tributary/d.vcf.gz",
                SiteConfig.Strand.FORWARD,
                SiteConfig.Duplicates.REFUSE,
                Optional.empty(),
                Optional.of(SiteConfig.DosageField.DS),
                true));
    assertThat(dataset("{format: plink2, path: d}").source())
        .isEqualTo(
            new SiteConfig.Genotypes(
                SiteConfig.GenotypeFormat.PLINK2,
                "/etc/tributary/d",
                SiteConfig.Strand.FORWARD,
                SiteConfig.Duplicates.REFUSE));
    assertThat(dataset("{format: bgen, path: d.bgen, options: {samples: d.sample}}").source())
        .isEqualTo(
            new SiteConfig.Genotypes(
                SiteConfig.GenotypeFormat.BGEN,
                "/etc/tributary/d.bgen",
                SiteConfig.Strand.FORWARD,
                SiteConfig.Duplicates.REFUSE,
                Optional.of("/etc/tributary/d.sample"),
                Optional.empty(),
                false));
    assertThat(config.references()).isEmpty();
    assertThat(parse(REQUIRED + "policy: {}").policy()).isEqualTo(SitePolicy.DENY);
  }

  @Test
  void everyKeyIsMapped() {
    SiteConfig config =
        parse(
            """
            site: south
            identity: {key: /keys/k, passwordFile: p}
            tls: {certificate: c.crt, key: c.key}
            consortium: {file: c.yaml, digest: %1$s}
            exchange: {type: flight, host: h, port: 8815, coordinatorFingerprint: %1$s}
            state: /var/state
            catalog:
              d:
                format: csv
                path: s3a://bucket/d.csv
                options:
                  {delimiter: ";", quote: "'", escape: '\\', encoding: ISO-8859-1, decimal: ",",
                   header: false, names: [a, b], newlinesInQuotes: true, missing: [".", -9]}
                columns: {age: a}
                population: register
              g:
                format: plink1
                path: array/chr1
                options: {strand: unknown, duplicates: first}
            references: {panel: lists/panel.pvar.gz, far: "s3a://bucket/far.pvar"}
            policy:
              datasets: [d]
              columns: all
              analyses: [glm, summary]
              analysts: [ada]
              minContributors: 4
              minColluding: 2
              minCell: 6
              minPersons: 20
              maxSaturation: 0.2
              contributorScope: study
              ownTotalsMayBeInferred: true
              supportRound: required
              maxShare: 0.4
              cohorts: unchecked
              approval: rules
              validFrom: 2026-01-01
              validUntil: 2026-12-31T12:00:00Z
              purposes: all
              budgets: [{dataset: d, analyst: ada, purpose: p, rho: 1/8}, {dataset: d, rho: 0.5}]
            """
                .formatted(DIGEST));
    assertThat(config.identity())
        .isEqualTo(new KeyFile(Path.of("/keys/k"), Optional.of(Path.of("/etc/tributary/p"))));
    assertThat(config.tls())
        .contains(new Tls(Path.of("/etc/tributary/c.crt"), Path.of("/etc/tributary/c.key")));
    assertThat(config.consortium().digest()).isEqualTo(DIGEST);
    assertThat(config.consortium().file()).isEqualTo(Path.of("/etc/tributary/c.yaml"));
    assertThat(config.exchange()).isEqualTo(new SiteConfig.Flight("h", 8815, Optional.of(DIGEST)));
    assertThat(config.state()).isEqualTo(Path.of("/var/state"));
    assertThat(config.catalog().get("d"))
        .isEqualTo(
            new Dataset(
                "d",
                new Csv(
                    "s3a://bucket/d.csv",
                    ';',
                    '\'',
                    '\\',
                    "ISO-8859-1",
                    ',',
                    false,
                    List.of("a", "b"),
                    true),
                List.of(".", "-9"),
                Map.of("age", "a"),
                "register"));
    assertThat(config.catalog().get("g").source())
        .isEqualTo(
            new SiteConfig.Genotypes(
                SiteConfig.GenotypeFormat.PLINK1,
                "/etc/tributary/array/chr1",
                SiteConfig.Strand.UNKNOWN,
                SiteConfig.Duplicates.FIRST));
    assertThat(config.references())
        .isEqualTo(
            Map.of("panel", "/etc/tributary/lists/panel.pvar.gz", "far", "s3a://bucket/far.pvar"));
    Limits limits = new Limits(3, 100, 30, 0.2, false);
    assertThat(config.policy())
        .isEqualTo(
            new SitePolicy(
                new SitePolicy.Validity(
                    Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-12-31T12:00:00Z")),
                SitePolicy.Approval.RULES,
                new Named<>(Optional.empty(), Map.of("d", Columns.ALL)),
                new Named<>(Optional.empty(), Map.of("glm", limits, "summary", limits)),
                Allowed.of("ada"),
                Allowed.ALL,
                List.of(
                    new Budget("d", Optional.of("ada"), Optional.of("p"), Rho.of(1, 8)),
                    new Budget("d", Optional.empty(), Optional.empty(), Rho.of(1, 2))),
                4,
                2,
                6,
                20,
                0.2,
                0.4,
                SitePolicy.ContributorScope.STUDY,
                true,
                Study.SupportRound.REQUIRED,
                SitePolicy.Cohorts.UNCHECKED));
  }

  @Test
  void everyFormatIsMapped() {
    assertThat(dataset("{format: json, path: /d.json, options: {encoding: UTF-16}}").source())
        .isEqualTo(new JsonLines("/d.json", "UTF-16"));
    assertThat(dataset("{format: parquet, path: hdfs://n/d}").source())
        .isEqualTo(new Parquet("hdfs://n/d"));
    assertThat(dataset("{format: orc, path: /d}").source()).isEqualTo(new Orc("/d"));
    assertThat(
            dataset(
                    "{format: jdbc, options: {url: 'jdbc:postgresql://h/d', table: t, user: u,"
                        + " passwordFile: p, partition: {column: id, low: -1, high: 9, count: 4},"
                        + " fetchRows: 5}}")
                .source())
        .isEqualTo(
            new Jdbc(
                new Database(
                    "jdbc:postgresql://h/d",
                    Optional.of("u"),
                    Optional.of(Path.of("/etc/tributary/p")),
                    5),
                "t",
                Optional.of(new Partition("id", -1, 9, 4))));
    assertThat(dataset("{format: fhir, path: /d, options: {tables: v, badLines: 3}}").source())
        .isEqualTo(new SiteConfig.Fhir("/d", Optional.of("/etc/tributary/v"), 3));
    assertThat(
            dataset(
                    "{format: omop, options: {url: 'jdbc:postgresql://h/d', schema: cdm,"
                        + " connections: 8}}")
                .source())
        .isEqualTo(
            new OmopDatabase(
                new Database(
                    "jdbc:postgresql://h/d",
                    Optional.empty(),
                    Optional.empty(),
                    SiteConfigParser.DEFAULT_FETCH_ROWS),
                Optional.of("cdm"),
                Optional.empty(),
                8));
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          catalog: {d: {format: xml, path: a}} | site.yaml:6 (catalog.d.format): expected one of bgen, csv, fhir, jdbc, json, omop, orc, parquet, plink1, plink2, vcf, found the text 'xml'.
          catalog: {d: {format: csv}} | site.yaml:6 (catalog.d): the key 'path' is missing.
          catalog: {d: {format: csv, path: a, options: {sep: ";"}}} | site.yaml:6 (catalog.d.options.sep): the key 'sep' is not known here.
          catalog: {d: {format: csv, path: a, options: {delimiter: ";;"}}} | site.yaml:6 (catalog.d.options.delimiter): expected one character, found 2.
          catalog: {d: {format: csv, path: a, options: {header: false}}} | site.yaml:6 (catalog.d.options.header): there is no header.
          catalog: {d: {format: csv, path: a, options: {names: [a]}}} | site.yaml:6 (catalog.d.options.names): names are given although there is a header.
          catalog: {d: {format: csv, path: a, options: {decimal: ","}}} | site.yaml:6 (catalog.d.options.delimiter): delimiter, quote and decimal mark must differ.
          catalog: {d: {format: csv, path: a, columns: {x: c, y: c}}} | site.yaml:6 (catalog.d.columns): two study columns have one source column.
          catalog: {d: {format: omop, options: {url: "jdbc:p://h/d", schema: "x; drop"}}} | site.yaml:6 (catalog.d.options.schema): 'x; drop' is not a schema's name.
          catalog: {d: {format: jdbc, options: {url: "jdbc:p://h/d?password=x", table: t}}} | site.yaml:6 (catalog.d.options.url): the URL holds a password.
          catalog: {d: {format: csv, path: a, population: A}} | site.yaml:6 (catalog.d.population): 'A' is not a population's key.
          policy: {colums: all} | site.yaml:6 (policy.colums): the key 'colums' is not known here.
          policy: {minCell: 2} | site.yaml:6 (policy.minCell): expected a whole number from 3 to 20, found the whole number 2.
          policy: {datasets: {d: {columns: {age: [look]}}}} | site.yaml:6 (policy.datasets.d.columns.age): 'look' is no role of a column.
          policy: {datasets: {d: {columns: {age: []}}}} | site.yaml:6 (policy.datasets.d.columns.age): there is no role.
          policy: {analysts: [ada, ada]} | site.yaml:6 (policy.analysts): a name stands here twice.
          policy: {analyses: {glm: {rounds: 3}}} | site.yaml:6 (policy.analyses.glm.rounds): the key 'rounds' is not known here.
          policy: {budgets: [{dataset: d, rho: -1}]} | site.yaml:6 (policy.budgets[0].rho): '-1' is no budget.
          policy: {budgets: [{dataset: d, rho: 1}, {dataset: d, rho: 2}]} | site.yaml:6 (policy.budgets): there are two budgets of d.
          policy: {validFrom: 2026-02-01, validUntil: 2026-01-31} | site.yaml:6 (policy.validUntil): it ends before it begins.
          polcy: {} | site.yaml:6 (polcy): the key 'polcy' is not known here.
          """)
  void errorsNameLinePathAndProblem(String line, String message) {
    TributaryException refused =
        catchThrowableOfType(TributaryException.class, () -> parse(REQUIRED + line));
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.CONFIG_INVALID);
    assertThat(refused.problem()).isEqualTo(message);
    assertThat(refused.remedy()).isNotBlank();
  }

  @Test
  void timesNeedAUnit() {
    assertThatThrownBy(() -> parse(REQUIRED.replace("path: exchange", "path: e, poll: 2")))
        .hasMessageContaining("found the whole number 2")
        .hasMessageContaining("a time such as 2s");
    assertThatThrownBy(() -> parse(REQUIRED.replace("path: exchange", "path: e, poll: 2 s")))
        .hasMessageContaining("Write a number with its unit");
    assertThatThrownBy(() -> parse(REQUIRED.replace("path: exchange", "path: e, poll: 9d")))
        .hasMessageContaining("a time from 10ms to 3600s");
  }

  /** Over Flight the coordinator's server wakes whoever waits; a key without effect is an error. */
  @Test
  void pauseBetweenLooksIsForFoldersOnly() {
    assertThatThrownBy(
            () ->
                parse(
                    REQUIRED.replace(
                        "{type: files, path: exchange}",
                        "{type: flight, host: h, port: 8815, poll: 2s}")))
        .hasMessageContaining("poll");
  }

  @Test
  void flightNeedsACertificate() {
    assertThatThrownBy(
            () ->
                parse(
                    REQUIRED.replace(
                        "type: files, path: exchange", "type: flight, host: h, port: 1")))
        .hasMessageContaining("Flight needs this site's TLS certificate.");
  }
}
