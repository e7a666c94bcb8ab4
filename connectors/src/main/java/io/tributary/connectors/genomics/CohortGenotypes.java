package io.tributary.connectors.genomics;

import io.tributary.connectors.tables.SiteTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig;
import io.tributary.study.Study;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The genotypes of a cohort at one site, beside the rows of its table: samples and rows are joined
 * by their ids, the file's variants and the study's list by position and alleles. Persons without a
 * sample leave the cohort before anything is counted; samples without a row are never looked at
 * alone.
 */
public final class CohortGenotypes implements SiteTable.Companion {
  /** Variants whose frequency is compared with the list's. */
  private static final int COMPARED = 2000;

  /** Fewer say nothing about the file. */
  private static final int MIN_COMPARED = 40;

  private static final double FREQUENCY_OFF = 0.2;
  private static final double MAX_SHARE_OFF = 0.05;
  private static final int TILE = 512;

  private final GenotypeSource source;
  private final VariantList list;
  private final VariantMatch match;
  private final Map<String, Integer> positions;

  private CohortGenotypes(
      GenotypeSource source, VariantList list, VariantMatch match, Map<String, Integer> positions) {
    this.source = source;
    this.list = list;
    this.match = match;
    this.positions = positions;
  }

  /** Opens the files of a catalogue's entry; DATA_INVALID if it is no dataset of genotypes. */
  public static GenotypeSource open(SiteConfig.Dataset dataset) {
    return GenotypeForms.open(of(dataset));
  }

  private static SiteConfig.Genotypes of(SiteConfig.Dataset dataset) {
    if (dataset.source() instanceof SiteConfig.Genotypes genotypes) {
      return genotypes;
    }
    throw Errors.data(
        ErrorCode.DATA_INVALID,
        "dataset '" + dataset.name() + "'",
        "it holds no genotypes.",
        "Name a dataset of genotypes under genotypes.from in the study, with its format in the"
            + " catalogue.");
  }

  /**
   * Restricts a table to the persons that have a sample. DATA_INVALID if it has persons and none of
   * them does, if a sample or a variant is there twice, if the list is of another build, or if
   * frequencies are so far from the list's that .fam or .bim belong to another file.
   *
   * @param table of the study's cohort
   * @param dataset the catalogue's entry for {@code study.genotypes().from()}
   * @param list the study's
   */
  public static SiteTable join(
      SiteTable table, SiteConfig.Dataset dataset, VariantList list, Study study) {
    GenotypeSource source = open(dataset);
    SiteConfig.Genotypes options = of(dataset);
    Samples.Join by =
        study.genotypes().orElseThrow().family().isPresent()
            ? Samples.Join.FAMILY_AND_INDIVIDUAL
            : Samples.Join.INDIVIDUAL;
    Map<String, Integer> positions = source.samples().positions(by);
    VariantMatch match = VariantMatch.of(source, list, options.strand(), options.duplicates());
    if (match.counts().matched() == 0) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          source.place(),
          "none of its " + source.variants() + " variants is on the study's list.",
          "Look whether the file is of "
              + list.assembly().word()
              + ", and whether its alleles are of the forward strand.");
    }
    compareFrequencies(source, list, match);
    CohortGenotypes genotypes = new CohortGenotypes(source, list, match, positions);
    SiteTable joined = table.among(new ArrayList<>(positions.keySet()), genotypes);
    if (joined.rowCount() == 0 && table.rowCount() > 0) {
      joined.close();
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          source.place(),
          "none of the cohort's " + table.rowCount() + " persons has a sample.",
          "Compare the ids of the table (cohort.person) with those of the samples; genotypes.family"
              + " in the study joins by family and individual id.");
    }
    return joined;
  }

  /**
   * Frequencies at home against the list's, if it has any. Off by more than 0.2 in more than 5 % of
   * variants is no population, but a .bim or .fam of another file.
   */
  public static void compareFrequencies(
      GenotypeSource source, VariantList list, VariantMatch match) {
    List<Integer> chosen = new ArrayList<>();
    int step = Math.max(1, list.size() / COMPARED);
    for (int variant = 0; variant < list.size(); variant += step) {
      if (match.address(variant) >= 0 && !Float.isNaN(list.frequency(variant))) {
        chosen.add(variant);
      }
    }
    if (chosen.size() < MIN_COMPARED) {
      return;
    }
    int off = 0;
    VariantTile tile = new VariantTile(source.samples().size(), Math.min(TILE, chosen.size()));
    VariantReader reader = source.reader();
    for (int from = 0; from < chosen.size(); from += TILE) {
      List<Integer> part = chosen.subList(from, Math.min(from + TILE, chosen.size()));
      long[] addresses = part.stream().mapToLong(match::address).toArray();
      byte[] counted = new byte[addresses.length];
      for (int i = 0; i < counted.length; i++) {
        counted[i] = match.counted(part.get(i));
      }
      reader.read(addresses, counted, tile);
      for (int i = 0; i < counted.length; i++) {
        double here = frequency(tile, i);
        if (Math.abs(here - list.frequency(part.get(i))) > FREQUENCY_OFF) {
          off++;
        }
      }
    }
    if (off > MAX_SHARE_OFF * chosen.size()) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          source.place(),
          "of "
              + chosen.size()
              + " variants that were looked at, "
              + off
              + " have a frequency that is off the list's by more than "
              + FREQUENCY_OFF
              + ": is the .fam or the .bim of another file?",
          "Copy the files of one set again, look at their strand and alleles, or take a list whose"
              + " frequencies are of this population.");
    }
  }

  /** Of called copies; NaN if nobody has a call. */
  private static double frequency(VariantTile tile, int variant) {
    long[] counts = new long[4];
    for (int sample = 0; sample < tile.samples(); sample++) {
      counts[tile.call(variant, sample)]++;
    }
    long called = counts[0] + counts[1] + counts[2];
    return called == 0 ? Double.NaN : (counts[1] + 2.0 * counts[2]) / (2.0 * called);
  }

  /** Those that were joined to a table. */
  public static CohortGenotypes of(SiteTable table) {
    return table
        .companion(CohortGenotypes.class)
        .orElseThrow(() -> Errors.internal("A study's table came without its genotypes.", null));
  }

  public GenotypeSource source() {
    return source;
  }

  public VariantList list() {
    return list;
  }

  public VariantMatch match() {
    return match;
  }

  /** Position of a sample in the file, by the key of {@link SiteTable#rowsWithKey}. */
  public int position(String key) {
    return positions.get(key);
  }

  @Override
  public String toString() {
    return "CohortGenotypes[" + source.place() + "]";
  }
}
