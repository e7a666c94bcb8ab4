package io.tributary.jobs.study;

import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.connectors.omop.KeptCohorts;
import io.tributary.connectors.omop.StudyTable;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** What a study reads at one site: the cohort's table, with its genotypes if it names any. */
public final class StudyRows {
  private StudyRows() {}

  /**
   * Opens, checks and caches it. DATA_MISSING if the catalogue has no such dataset.
   *
   * @param config only {@code site}, {@code catalog} and {@code references} are used
   * @param cohorts those of the site's earlier studies
   */
  public static SiteTable open(
      SparkSession spark,
      SiteConfig config,
      Study study,
      SiteTable.Traces traces,
      KeptCohorts cohorts) {
    SiteConfig.Dataset source = dataset(config, study.cohort().from());
    Map<String, SiteConfig.Dataset> joined = new HashMap<>();
    for (Study.Join join : study.cohort().joins()) {
      if (!join.ofRecords()) {
        joined.put(join.table(), beside(source, config, join.table()));
      }
    }
    if (study.genotypes().isEmpty()) {
      return StudyTable.open(spark, source, study, joined, traces, cohorts);
    }
    Study.Genotypes genotypes = study.genotypes().get();
    SiteConfig.Dataset files = beside(source, config, genotypes.from());
    VariantList list = list(config.references(), genotypes);
    SiteTable table = StudyTable.open(spark, source, study, joined, traces, cohorts);
    try {
      return CohortGenotypes.join(table, files, list, study);
    } catch (RuntimeException failed) {
      table.close();
      throw failed;
    }
  }

  /**
   * A study's list of variants.
   *
   * @param references places of public files by name
   */
  public static VariantList list(Map<String, String> references, Study.Genotypes genotypes) {
    String place = references.get(genotypes.variants());
    if (place == null) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          "references",
          "there is no list '" + genotypes.variants() + "'.",
          "Get the list with SHA-256 "
              + genotypes.sha256()
              + " and name its file under references in site.yaml and coordinator.yaml.");
    }
    return VariantList.read(place, genotypes.assembly(), genotypes.sha256(), genotypes.count());
  }

  /** A dataset of the same persons. */
  private static SiteConfig.Dataset beside(
      SiteConfig.Dataset source, SiteConfig config, String name) {
    SiteConfig.Dataset other = dataset(config, name);
    if (!other.population().equals(source.population())) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          "datasets '" + source.name() + "' and '" + other.name() + "'",
          "they are of two populations, and the study takes their persons for the same.",
          "Give both the same population in the site's catalogue, or ask the analyst.");
    }
    return other;
  }

  private static SiteConfig.Dataset dataset(SiteConfig config, String name) {
    SiteConfig.Dataset source = config.catalog().get(name);
    if (source == null) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          "catalog of site '" + config.site() + "'",
          "there is no dataset '" + name + "'.",
          config.catalog().isEmpty()
              ? "Add it to the catalog of site.yaml."
              : "Add it to the catalog of site.yaml, whose datasets are "
                  + String.join(", ", config.catalog().keySet())
                  + ".");
    }
    return source;
  }
}
