package io.tributary.jobs.analysis.variantqc;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.Carriers;
import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.OneSum;
import io.tributary.jobs.analysis.OneSumAnalysis;
import io.tributary.jobs.analysis.Options;
import io.tributary.jobs.genomics.CohortMask;
import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.jobs.genomics.VariantRows;
import io.tributary.jobs.genomics.VariantSums;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Study;
import java.util.List;

/** Genotypes counted at each variant of the study's list; see the package's card. */
public final class VariantQcAnalysis implements OneSumAnalysis<Aggregate> {

  private final Job job;
  private final Study.Genotypes genotypes;
  private final int leastCarriers;

  private VariantQcAnalysis(Job job, Options options) {
    this.job = job;
    this.genotypes = job.genotypes();
    this.leastCarriers = Carriers.least(options, job);
  }

  /** Reads the option {@code minCarriers}. */
  public static VariantQcAnalysis of(Job job) {
    return new VariantQcAnalysis(job, Options.of(job.spec(), Carriers.OPTION));
  }

  Job job() {
    return job;
  }

  /** What is shown of a sum of so many sites. */
  VariantGate gate(int contributors) {
    return new VariantGate(
        leastCarriers,
        job.floor().minPersons(),
        Math.min(job.study().minContributors(), contributors));
  }

  @Override
  public Layout layout(OneSum state) {
    return CountingKernel.layout(job.sites(), job.personsPerSite(), genotypes.count());
  }

  @Override
  public Partial contribute(OneSum state, SiteTable table) {
    CohortGenotypes calls = CohortGenotypes.of(table);
    return VariantSums.of(table)
        .part(
            layout(state),
            VariantRows.all(genotypes.count()),
            new CountingKernel(CohortMask.of(table, calls), table.rowCount()));
  }

  @Override
  public String form() {
    return "variant-qc/1";
  }

  @Override
  public Aggregate result(Aggregate sum) {
    return sum;
  }

  @Override
  public AnalysisReport present(Aggregate sum) {
    return new VariantQcTables(this, job.variants(), sum).report();
  }

  @Override
  public String resolution() {
    return "exact";
  }

  @Override
  public List<String> reveals() {
    return List.of(
        "Sum 1: for each of "
            + genotypes.count()
            + " variants persons with one and with two copies of ALT, persons without a call, all"
            + " persons of sites that have the variant, and how many sites have it.");
  }
}
