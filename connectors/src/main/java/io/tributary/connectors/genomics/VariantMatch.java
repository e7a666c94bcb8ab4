package io.tributary.connectors.genomics;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig.Duplicates;
import io.tributary.study.SiteConfig.Strand;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a file has the variants of a list. Both orders of the alleles match, and of more than two
 * alleles the list's REF and ALT have to be among them. Bases that REF and one ALT of the file
 * share at their ends do not count; shifting an insertion in a repeat takes the reference's
 * sequence and is not done. The other strand matches only if the catalogue says that the file's
 * strand is not known, and never where both strands look alike. What the file has beyond the list
 * is counted and mentioned to nobody.
 */
public final class VariantMatch {
  /**
   * How many variants of the file went where.
   *
   * @param matched with a variant of the list
   * @param swapped of those: ALT of the list stands first in the file
   * @param otherStrand of those: by the bases of the other strand
   * @param notOnList neither order of alleles is on the list
   * @param repeated further ones of a variant that was matched before
   * @param unnamed on no chromosome that a list can have
   */
  public record Counts(
      long matched, long swapped, long otherStrand, long notOnList, long repeated, long unnamed) {}

  /** Alleles of one variant of a file, at most; further ones match nothing. */
  private static final int MAX_ALLELES = 256;

  private final long[] addresses;
  private final byte[] counted;
  private final Counts counts;

  private VariantMatch(long[] addresses, byte[] counted, Counts counts) {
    this.addresses = addresses;
    this.counted = counted;
    this.counts = counts;
  }

  /**
   * Reads the variants of a source once.
   *
   * @throws io.tributary.study.TributaryException DATA_INVALID if a variant of the list stands
   *     there twice, or a position lies beyond its chromosome
   */
  public static VariantMatch of(
      GenotypeSource source, VariantList list, Strand strand, Duplicates duplicates) {
    Matching matching = new Matching(source.place(), list, strand, duplicates);
    source.variants(matching);
    return matching.finish();
  }

  /** Address of a list variant in the file, or -1. */
  public long address(int variant) {
    return addresses[variant];
  }

  /** Addresses of a range of the list, a copy. */
  public long[] addresses(int from, int to) {
    return Arrays.copyOfRange(addresses, from, to);
  }

  /** Numbers of the counted alleles of a range of the list, a copy. */
  public byte[] counted(int from, int to) {
    return Arrays.copyOfRange(counted, from, to);
  }

  /** Number of the allele, in the file's order, that is the list's ALT; without sign. */
  public byte counted(int variant) {
    return counted[variant];
  }

  public Counts counts() {
    return counts;
  }

  private static final class Matching implements GenotypeSource.Visitor {
    private final String place;
    private final VariantList list;
    private final Strand strand;
    private final Duplicates duplicates;
    private final long[] addresses;
    private final byte[] counted;
    private long matched;
    private long swapped;
    private long otherStrand;
    private long notOnList;
    private long repeated;
    private long unnamed;
    private String chromosomeName = "";
    private Optional<Chromosome> chromosome = Optional.empty();

    Matching(String place, VariantList list, Strand strand, Duplicates duplicates) {
      this.place = place;
      this.list = list;
      this.strand = strand;
      this.duplicates = duplicates;
      this.addresses = new long[list.size()];
      this.counted = new byte[list.size()];
      Arrays.fill(addresses, -1);
    }

    @Override
    public void variant(long address, String name, int position, String id, List<String> alleles) {
      if (!name.equals(chromosomeName)) {
        chromosomeName = name;
        chromosome = Chromosome.of(name);
      }
      if (chromosome.isEmpty()) {
        unnamed++;
        return;
      }
      if (position > chromosome.get().length(list.assembly())) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            place + ", variant '" + id + "'",
            "position "
                + position
                + " lies beyond chromosome "
                + chromosome.get()
                + " of "
                + list.assembly().word()
                + ".",
            "The file is of another build than the study: give the site files of that build, or"
                + " lift them over.");
      }
      boolean found = match(position, address, id, alleles, 0);
      for (int alt = 1; alt < Math.min(alleles.size(), MAX_ALLELES); alt++) {
        Trimmed pair = Trimmed.of(position, alleles.get(0), alleles.get(alt));
        if (pair.position() != position || !pair.ref().equals(alleles.get(0))) {
          found |= match(pair.position(), address, id, pair.alleles(), alt - 1);
        }
      }
      if (!found) {
        notOnList++;
      }
    }

    /**
     * Looks at the list's variants of one position.
     *
     * @param skipped alleles of the file between the first and the second of {@code alleles}
     */
    private boolean match(
        int position, long address, String id, List<String> alleles, int skipped) {
      boolean found = false;
      int end = list.end(chromosome.orElseThrow());
      for (int at = list.atOrAfter(chromosome.orElseThrow(), position);
          at < end && list.position(at) == position;
          at++) {
        found |= matchVariant(at, address, id, alleles, skipped);
      }
      return found;
    }

    private boolean matchVariant(
        int variant, long address, String id, List<String> alleles, int skipped) {
      String ref = list.ref(variant);
      String alt = list.alt(variant);
      int altAt = alleles.indexOf(alt);
      boolean other = false;
      if (altAt < 0 || !alleles.contains(ref)) {
        if (strand == Strand.FORWARD) {
          return false;
        }
        altAt = alleles.indexOf(VariantList.complement(alt));
        other = true;
        if (altAt < 0 || !alleles.contains(VariantList.complement(ref))) {
          return false;
        }
      } else if (strand == Strand.UNKNOWN && list.isPalindromic(variant)) {
        return false;
      }
      int number = altAt == 0 ? 0 : altAt + skipped;
      if (number >= MAX_ALLELES) {
        return false;
      }
      if (addresses[variant] >= 0) {
        repeated(variant, id);
        return true;
      }
      addresses[variant] = address;
      counted[variant] = (byte) number;
      matched++;
      swapped += altAt == 0 ? 1 : 0;
      otherStrand += other ? 1 : 0;
      return true;
    }

    private void repeated(int variant, String id) {
      if (duplicates == Duplicates.REFUSE) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            place + ", variant '" + id + "'",
            "the variant "
                + list.chromosome(variant)
                + ":"
                + list.position(variant)
                + " "
                + list.ref(variant)
                + ">"
                + list.alt(variant)
                + " stands in the file twice.",
            "Remove one of the two, or write duplicates: first in the site's catalogue.");
      }
      repeated++;
    }

    VariantMatch finish() {
      return new VariantMatch(
          addresses,
          counted,
          new Counts(matched, swapped, otherStrand, notOnList, repeated, unnamed));
    }
  }

  @Override
  public String toString() {
    return "VariantMatch[" + counts + "]";
  }
}
