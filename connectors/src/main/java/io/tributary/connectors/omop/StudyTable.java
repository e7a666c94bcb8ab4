package io.tributary.connectors.omop;

import io.tributary.connectors.tables.OtherTable;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** The rows of a study at one site, from a table or from health records. */
public final class StudyTable {
  private StudyTable() {}

  /**
   * Opens, checks and caches what the study reads. A cohort with a definition has the columns of
   * {@link CohortTable#rows}.
   *
   * @param source the catalogue's entry for {@code study.cohort().from()}
   * @param joined the catalogue's entries for datasets that the study joins, by name
   * @param traces whether rows carry by what they are known again
   * @param cohorts those of this site's earlier studies
   */
  public static SiteTable open(
      SparkSession spark,
      SiteConfig.Dataset source,
      Study study,
      Map<String, SiteConfig.Dataset> joined,
      SiteTable.Traces traces,
      KeptCohorts cohorts) {
    Map<String, OtherTable> others = new HashMap<>();
    for (Study.Join join : study.cohort().joins()) {
      if (!join.ofRecords()) {
        SiteConfig.Dataset dataset = joined.get(join.table());
        others.put(join.table(), OtherTable.open(spark, dataset, study, join));
      }
    }
    if (study.cohort().definition().isEmpty()) {
      return SiteTable.open(spark, source, study, others, traces);
    }
    if (!CommonDataModel.isIn(source.source())) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          "dataset '" + source.name() + "'",
          "the study's cohort has a definition, but this dataset is one table.",
          "Give the dataset format omop, and the folder or database of its tables, in the site's catalogue.");
    }
    CommonDataModel model = CommonDataModel.open(spark, source.source());
    for (Study.Join join : study.cohort().joins()) {
      if (join.ofRecords()) {
        String name = join.table();
        String place = source.name() + ", table '" + name + "'";
        others.put(name, OtherTable.of(model.table(name), place));
      }
    }
    String definition = study.cohort().definition().get();
    KeptCohorts.Use use =
        cohorts.use(
            source.source(),
            definition,
            study.cohort().covariates(),
            () ->
                CohortTable.of(
                    model,
                    definition.getBytes(StandardCharsets.UTF_8),
                    study.cohort().covariates()));
    try {
      SiteTable table =
          SiteTable.of(
              source, study, use.cohort().rows(), use.cohort().attrition(), others, traces);
      table.whenClosed(use::close);
      return table;
    } catch (RuntimeException failed) {
      use.close();
      throw failed;
    }
  }

  /** The same for one study. */
  public static SiteTable open(
      SparkSession spark,
      SiteConfig.Dataset source,
      Study study,
      Map<String, SiteConfig.Dataset> joined,
      SiteTable.Traces traces) {
    KeptCohorts cohorts = new KeptCohorts();
    try {
      SiteTable table = open(spark, source, study, joined, traces, cohorts);
      table.whenClosed(cohorts::close);
      return table;
    } catch (RuntimeException failed) {
      cohorts.close();
      throw failed;
    }
  }
}
