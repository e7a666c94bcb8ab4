package io.tributary.jobs.genomics;

import io.tributary.codec.StudyParser;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Catalog;
import io.tributary.jobs.analysis.Pooled;
import io.tributary.jobs.analysis.Sheet;
import io.tributary.jobs.analysis.StudyAnalysis;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Assembly;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import io.tributary.study.Study.ReleaseFloor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A study of genotypes with its list in a folder, and sites that are opened one by one. A person is
 * named by {@code IID}.
 *
 * @param list place of the public list
 */
public record GenotypedSites(Study study, Path folder, Path list, List<SiteTable> tables)
    implements AutoCloseable {

  /**
   * A study of eleven sites, three of which may do, without any open.
   *
   * @param all whose variants make the list
   * @param columns YAML flow mapping of declared columns
   * @param analyses YAML flow sequence
   */
  public static GenotypedSites of(
      Path folder, CallMatrix all, Assembly assembly, String columns, String analyses) {
    Path list = all.list(folder);
    String yaml =
        """
        study: genes
        sites: [a, b, c, d, e, f, g, h, i, j, k]
        minContributors: 3
        cohort: {from: table, person: IID}
        genotypes: {from: array, variants: panel, sha256: %s, count: %d, assembly: %s}
        columns: %s
        analyses: %s
        """
            .formatted(
                VariantList.read(list.toString(), assembly).digest(),
                all.variants().size(),
                assembly.word(),
                columns,
                analyses);
    Study study = StudyParser.parse(yaml.getBytes(StandardCharsets.UTF_8), "study.yaml");
    return new GenotypedSites(study, folder, list, new ArrayList<>());
  }

  /** The same study with another release floor, also one that no site would accept. */
  public GenotypedSites released(ReleaseFloor floor) {
    return new GenotypedSites(
        new Study(
            study.name(),
            study.sites(),
            study.minContributors(),
            study.colluding(),
            study.shape(),
            study.analyst(),
            study.purpose(),
            study.validUntil(),
            study.cohort(),
            study.columns(),
            study.analyses(),
            floor,
            Optional.empty(),
            study.genotypes()),
        folder,
        list,
        tables);
  }

  /** Opens a site whose PLINK 1 files are there already. */
  public SiteTable open(Sheet rows, String prefix) {
    return open(rows, prefix, SiteConfig.GenotypeFormat.PLINK1);
  }

  /** Opens a site whose file is there already. */
  public SiteTable open(Sheet rows, String path, SiteConfig.GenotypeFormat format) {
    SiteConfig.Dataset array =
        new SiteConfig.Dataset(
            "array",
            new SiteConfig.Genotypes(
                format, path, SiteConfig.Strand.FORWARD, SiteConfig.Duplicates.REFUSE),
            List.of(),
            Map.of(),
            SiteConfig.DEFAULT_POPULATION);
    Study.Genotypes genotypes = study.genotypes().orElseThrow();
    SiteTable joined =
        CohortGenotypes.join(
            rows.open(study, folder, 1),
            array,
            VariantList.read(list.toString(), genotypes.assembly()),
            study);
    tables.add(joined);
    return joined;
  }

  /** Opens a site for each value of a column, over one file of all samples. */
  public GenotypedSites openBy(Sheet rows, String column, String prefix) {
    int at = rows.header().indexOf(column);
    rows.rows().stream()
        .map(row -> row.get(at))
        .distinct()
        .sorted()
        .forEach(value -> open(rows.where(column, value), prefix));
    return this;
  }

  public StudyAnalysis<?, ?> analysis(int job) {
    return Catalog.create(study, job, Map.of("panel", list.toString()));
  }

  /** Adds what the sites have, without masks. */
  public AnalysisReport report(int job) {
    return Pooled.report(analysis(job), tables);
  }

  @Override
  public void close() {
    tables.forEach(SiteTable::close);
  }
}
