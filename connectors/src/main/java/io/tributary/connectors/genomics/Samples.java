package io.tributary.connectors.genomics;

import io.tributary.connectors.tables.SiteTable;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who was genotyped, in the order of the file. */
public final class Samples {
  /** Individuals of one file, at most. */
  public static final int MAX_SAMPLES = 1 << 24;

  private final String place;
  private final List<String> families;
  private final List<String> individuals;
  private final List<Sex> sexes;

  /** Sex as plink's files code it. */
  public enum Sex {
    UNKNOWN,
    MALE,
    FEMALE
  }

  private Samples(String place, List<String> families, List<String> individuals, List<Sex> sexes) {
    this.place = place;
    this.families = families;
    this.individuals = individuals;
    this.sexes = sexes;
  }

  /**
   * Collects samples.
   *
   * @param place the file, for errors
   */
  public static Builder builder(String place) {
    return new Builder(place);
  }

  public int size() {
    return individuals.size();
  }

  public String family(int sample) {
    return families.get(sample);
  }

  public String individual(int sample) {
    return individuals.get(sample);
  }

  public Sex sex(int sample) {
    return sexes.get(sample);
  }

  /** By what a table names a sample: the individual, or family and individual. */
  public static String key(String family, String individual) {
    return family + SiteTable.BETWEEN + individual;
  }

  /**
   * Positions by name. DATA_INVALID if two samples have one name.
   *
   * @param join by which ids; by both ids names are {@link #key}
   */
  public Map<String, Integer> positions(Join join) {
    Map<String, Integer> positions = new HashMap<>(size() * 2);
    for (int sample = 0; sample < size(); sample++) {
      String name =
          join == Join.FAMILY_AND_INDIVIDUAL
              ? key(family(sample), individual(sample))
              : individual(sample);
      Integer before = positions.put(name, sample);
      if (before != null) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            place + ", samples " + (before + 1) + " and " + (sample + 1),
            join == Join.FAMILY_AND_INDIVIDUAL
                ? "they have one family and individual id."
                : "they have one individual id.",
            join == Join.FAMILY_AND_INDIVIDUAL
                ? "Remove one of the two."
                : "Remove one of the two, or join on both ids: genotypes.family in the study.");
      }
    }
    return positions;
  }

  /**
   * The same samples in another file's order, found by individual id. DATA_INVALID if one is not
   * there.
   */
  public Samples inOrderOf(Samples other) {
    Map<String, Integer> positions = positions(Join.INDIVIDUAL);
    Builder ordered = builder(other.place);
    for (int sample = 0; sample < other.size(); sample++) {
      Integer here = positions.get(other.individual(sample));
      if (here == null) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            place,
            "sample " + (sample + 1) + " of " + other.place + " is not in it.",
            "Name the file of samples that belongs to the genotypes.");
      }
      ordered.add(family(here), individual(here), sex(here));
    }
    return ordered.build();
  }

  /** By which ids table rows and samples belong together. */
  public enum Join {
    INDIVIDUAL,
    FAMILY_AND_INDIVIDUAL
  }

  @Override
  public String toString() {
    return "Samples[" + size() + "]";
  }

  /** Collects samples in the file's order. */
  public static final class Builder {
    private final String place;
    private final List<String> families = new ArrayList<>();
    private final List<String> individuals = new ArrayList<>();
    private final List<Sex> sexes = new ArrayList<>();

    private Builder(String place) {
      this.place = place;
    }

    public int size() {
      return individuals.size();
    }

    /** The next sample. */
    public void add(String family, String individual, Sex sex) {
      if (individuals.size() == MAX_SAMPLES) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            place,
            "there are more than " + MAX_SAMPLES + " samples.",
            "Split the file.");
      }
      families.add(family);
      individuals.add(individual);
      sexes.add(sex);
    }

    /** DATA_INVALID if there is none. */
    public Samples build() {
      if (individuals.isEmpty()) {
        throw Errors.data(
            ErrorCode.DATA_INVALID, place, "there is no sample.", "Look at what wrote this file.");
      }
      return new Samples(
          place, List.copyOf(families), List.copyOf(individuals), List.copyOf(sexes));
    }
  }

  /** Order and names of all samples as bytes, for a digest. */
  byte[] named() {
    StringBuilder names = new StringBuilder();
    for (int sample = 0; sample < size(); sample++) {
      names.append(family(sample)).append('\t').append(individual(sample)).append('\n');
    }
    return names.toString().getBytes(StandardCharsets.UTF_8);
  }
}
