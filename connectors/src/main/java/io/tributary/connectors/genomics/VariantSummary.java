package io.tributary.connectors.genomics;

import io.tributary.study.Assembly;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What variants a file has.
 *
 * @param chromosomes variants on each that a list can name or not, such as Y
 * @param unnamed variants elsewhere: scaffolds, plink's 0
 * @param severalAlts variants of more than two alleles
 * @param possible assemblies on whose chromosomes every position lies; a file does not say which
 *     one it is of
 */
public record VariantSummary(
    Map<Chromosome, Long> chromosomes, long unnamed, long severalAlts, Set<Assembly> possible) {

  /** Reads the variants of a source once. */
  public static VariantSummary of(GenotypeSource source) {
    Counting counting = new Counting();
    source.variants(counting);
    return new VariantSummary(
        counting.chromosomes, counting.unnamed, counting.severalAlts, counting.possible);
  }

  private static final class Counting implements GenotypeSource.Visitor {
    private final Map<Chromosome, Long> chromosomes = new TreeMap<>();
    private final Set<Assembly> possible = EnumSet.allOf(Assembly.class);
    private long unnamed;
    private long severalAlts;

    @Override
    public void variant(long address, String name, int position, String id, List<String> alleles) {
      severalAlts += alleles.size() > 2 ? 1 : 0;
      Optional<Chromosome> chromosome = Chromosome.of(name);
      if (chromosome.isEmpty()) {
        unnamed++;
        return;
      }
      chromosomes.merge(chromosome.get(), 1L, Long::sum);
      possible.removeIf(assembly -> position > chromosome.get().length(assembly));
    }
  }
}
