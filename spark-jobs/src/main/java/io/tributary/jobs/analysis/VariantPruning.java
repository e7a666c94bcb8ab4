package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.connectors.genomics.Chromosome;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.genomics.CohortMask;
import io.tributary.jobs.genomics.CountingKernel;
import io.tributary.jobs.genomics.GenotypeCounts;
import io.tributary.jobs.genomics.LinkageKernel;
import io.tributary.jobs.genomics.VariantGate;
import io.tributary.jobs.genomics.VariantRows;
import io.tributary.jobs.genomics.VariantSums;
import io.tributary.jobs.genomics.WindowPruning;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * Choice of variants that are hardly correlated, by two sums over a cohort's calls: genotypes of
 * all variants of the study's list, then products within windows of those that are common enough.
 */
public final class VariantPruning {
  public static final String WINDOW = "window";
  public static final String STEP = "step";
  public static final String R2 = "r2";
  public static final String LEAST_FREQUENCY = "minFrequency";

  /** Code of a variant whose rarer allele is rarer than {@code minFrequency}, or not there. */
  public static final String LOW_FREQUENCY = "LOW_FREQUENCY";

  private static final int MOST_WINDOW = 1000;

  /** Bytes of a state that variants take; a message takes 8 MiB. */
  private static final int MOST_BYTES = 15 << 19;

  private final Job job;
  private final int variants;
  private final int leastCarriers;
  private final double leastFrequency;
  private final WindowPruning windows;
  private final boolean pairs;

  private VariantPruning(Job job, Options options, boolean pairs) {
    this.job = job;
    this.variants = job.genotypes().count();
    this.leastCarriers = Carriers.least(options, job);
    this.leastFrequency = options.from(LEAST_FREQUENCY, 0.01, 0, 0.5);
    int window = options.whole(WINDOW, 200, 2, MOST_WINDOW);
    int step = options.whole(STEP, Math.min(50, window), 1, window);
    this.windows = new WindowPruning(window, step, options.between(R2, 0.2, 0, 1));
    this.pairs = pairs;
  }

  /**
   * Reads the options {@code minCarriers}, {@code minFrequency}, {@code window}, {@code step} and
   * {@code r2}.
   *
   * @param pairs whether persons without a call are left out of each pair, as in plink; else they
   *     have the whole number of copies nearest to the mean
   */
  public static VariantPruning of(Options options, Job job, boolean pairs) {
    return new VariantPruning(job, options, pairs);
  }

  /**
   * Variants of the list, and what is known of them.
   *
   * @param variants places in the list
   * @param means copies of a person with a call, in the list's order
   */
  public record Candidates(BitSet variants, Reals means) {
    public Candidates {
      variants = (BitSet) variants.clone();
    }

    /** Those at some rows. */
    public Candidates among(BitSet rows) {
      VariantRows own = VariantRows.of(variants);
      BitSet kept = new BitSet();
      rows.stream().forEach(row -> kept.set(own.variant(row)));
      return new Candidates(kept, Reals.of(rows.stream().mapToDouble(means::at).toArray()));
    }

    /** Adds itself to a state. */
    public StateBytes.Writer encode(StateBytes.Writer out) {
      return out.state(variants.toByteArray()).reals(means.toArray());
    }

    /** Reads itself from a state; BAD_MESSAGE if it is none of a list of so many variants. */
    public static Candidates decode(StateBytes.Reader in, int list) {
      byte[] bytes = in.state();
      BitSet variants = BitSet.valueOf(bytes);
      if (variants.isEmpty()
          || variants.length() > list
          || variants.toByteArray().length != bytes.length) {
        throw in.refuse();
      }
      Reals means = Reals.of(in.reals(variants.cardinality()));
      for (int i = 0; i < means.size(); i++) {
        if (!(means.at(i) >= 0 && means.at(i) <= 2)) {
          throw in.refuse();
        }
      }
      return new Candidates(variants, means);
    }
  }

  /** How windows move. */
  public WindowPruning windows() {
    return windows;
  }

  /** Carriers of either allele, at least. */
  public int leastCarriers() {
    return leastCarriers;
  }

  /** Frequency of the rarer allele, at least. */
  public double leastFrequency() {
    return leastFrequency;
  }

  /** Slots of the sum of genotypes. */
  public Layout counting() {
    return CountingKernel.layout(job.sites(), job.personsPerSite(), variants);
  }

  /** A site's genotypes. */
  public Partial count(SiteTable table) {
    CohortGenotypes calls = CohortGenotypes.of(table);
    return VariantSums.of(table)
        .part(
            counting(),
            VariantRows.all(variants),
            new CountingKernel(CohortMask.of(table, calls), table.rowCount()));
  }

  /** Why a variant is no candidate; empty if it is one. Every site has to have it. */
  public Optional<String> code(GenotypeCounts counts, int contributors) {
    VariantGate gate =
        new VariantGate(
            leastCarriers, pairs ? leastCarriers : 0, job.floor().minPersons(), contributors);
    Optional<String> code = gate.code(counts).map(Enum::name);
    boolean constant = counts.minorFrequency() == 0;
    return code.isEmpty() && (constant || counts.minorFrequency() < leastFrequency)
        ? Optional.of(LOW_FREQUENCY)
        : code;
  }

  /** Variants whose sums are about enough persons; on chromosome X nobody is counted. */
  public Candidates candidates(Aggregate sum) {
    CountingKernel.Counts counts = new CountingKernel.Counts(sum);
    BitSet chosen = new BitSet();
    List<Double> means = new ArrayList<>();
    for (int variant = 0; variant < variants; variant++) {
      GenotypeCounts here = counts.at(variant);
      if (code(here, sum.contributors()).isEmpty()) {
        chosen.set(variant);
        means.add(2 * here.frequency());
      }
    }
    return new Candidates(
        chosen, Reals.of(means.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** Whether a state has room for variants with so many numbers each beside their means. */
  public boolean fits(Candidates candidates, int numbers) {
    long each = 8L * (1 + numbers);
    return variants / 8 + each * candidates.means().size() <= MOST_BYTES;
  }

  /** Persons of a sum of genotypes. */
  public long persons(Aggregate sum) {
    CountingKernel.Counts counts = new CountingKernel.Counts(sum);
    long persons = 0;
    for (int variant = 0; variant < variants; variant++) {
      persons = Math.max(persons, counts.at(variant).persons());
    }
    return persons;
  }

  /** Slots of the sum of products. */
  public Layout linking(Candidates candidates) {
    return LinkageKernel.layout(
        job.sites(),
        job.personsPerSite(),
        candidates.variants().cardinality(),
        windows.followers(),
        pairs);
  }

  /** A site's products. */
  public Partial link(Candidates candidates, SiteTable table) {
    CohortGenotypes calls = CohortGenotypes.of(table);
    VariantRows rows = VariantRows.of(candidates.variants());
    byte[] fills = new byte[pairs ? 0 : rows.size()];
    for (int row = 0; row < fills.length; row++) {
      fills[row] = (byte) Math.rint(candidates.means().at(row));
    }
    return VariantSums.of(table)
        .part(
            linking(candidates),
            rows,
            new LinkageKernel(
                CohortMask.of(table, calls), windows.followers(), ends(calls.list(), rows), fills));
  }

  /** Rows at which chromosomes end. */
  private static int[] ends(VariantList list, VariantRows rows) {
    List<Integer> ends = new ArrayList<>();
    for (int row = 1; row <= rows.size(); row++) {
      Chromosome before = list.chromosome(rows.variant(row - 1));
      if (row == rows.size() || !list.chromosome(rows.variant(row)).equals(before)) {
        ends.add(row);
      }
    }
    return ends.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Those that stay. */
  public Candidates pruned(Candidates candidates, Aggregate sum) {
    return candidates.among(windows.kept(sum, pairs));
  }

  /** What the coordinator learns of the first sum. */
  public String revealsCounts() {
    return "for each of "
        + variants
        + " variants persons with one and with two copies of ALT, persons without a call, all"
        + " persons of sites that have the variant, and how many sites have it.";
  }

  /** What the coordinator learns of the second sum. */
  public String revealsProducts() {
    return "for each variant that is common enough and each of up to "
        + windows.followers()
        + " that follow it, the sum of products of their copies"
        + (pairs
            ? ", over persons with a call at both, whose genotypes at either are counted."
            : ", where a person without a call has the nearest whole number to the mean.");
  }
}
