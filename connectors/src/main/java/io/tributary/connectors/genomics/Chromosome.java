package io.tributary.connectors.genomics;

import io.tributary.study.Assembly;
import java.util.Locale;
import java.util.Optional;

/**
 * A human chromosome by its number in GWAS-SSF: 1 to 22, X is 23, Y is 24, MT is 25. Files name
 * them with or without {@code chr}; plink writes 23, 24, 25 for XY and 26 for MT.
 *
 * @param number 1 to 25
 */
public record Chromosome(int number) implements Comparable<Chromosome> {
  public static final int COUNT = 25;
  public static final Chromosome X = new Chromosome(23);
  public static final Chromosome Y = new Chromosome(24);
  public static final Chromosome MT = new Chromosome(25);

  // Lengths of 1 to 22, X, Y, MT in bases, from the assembly reports of NCBI (MT of NCBI36: UCSC).
  private static final int[] NCBI36 = {
    247249719, 242951149, 199501827, 191273063, 180857866, 170899992, 158821424, 146274826,
    140273252, 135374737, 134452384, 132349534, 114142980, 106368585, 100338915, 88827254, 78774742,
    76117153, 63811651, 62435964, 46944323, 49691432, 154913754, 57772954, 16571
  };
  private static final int[] GRCH37 = {
    249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022,
    141213431, 135534747, 135006516, 133851895, 115169878, 107349540, 102531392, 90354753, 81195210,
    78077248, 59128983, 63025520, 48129895, 51304566, 155270560, 59373566, 16569
  };
  private static final int[] GRCH38 = {
    248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636,
    138394717, 133797422, 135086622, 133275309, 114364328, 107043718, 101991189, 90338345, 83257441,
    80373285, 58617616, 64444167, 46709983, 50818468, 156040895, 57227415, 16569
  };

  public Chromosome {
    if (number < 1 || number > COUNT) {
      throw new IllegalArgumentException("chromosome " + number);
    }
  }

  /**
   * As a file names it, with or without a zero before one digit; empty for scaffolds, plink's 0 and
   * anything else.
   */
  public static Optional<Chromosome> of(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.startsWith("CHR")) {
      name = name.substring(3);
    }
    return switch (name) {
      case "X", "XY", "PAR1", "PAR2", "25" -> Optional.of(X);
      case "Y" -> Optional.of(Y);
      case "M", "MT", "26" -> Optional.of(MT);
      default -> numbered(name);
    };
  }

  private static Optional<Chromosome> numbered(String name) {
    if (name.isEmpty() || name.length() > 2 || !name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int number = Integer.parseInt(name);
    return number >= 1 && number <= Y.number
        ? Optional.of(new Chromosome(number))
        : Optional.empty();
  }

  /** Bases in an assembly: the largest position. */
  public int length(Assembly assembly) {
    int[] lengths =
        switch (assembly) {
          case NCBI36 -> NCBI36;
          case GRCH37 -> GRCH37;
          case GRCH38 -> GRCH38;
        };
    return lengths[number - 1];
  }

  /** 1 to 22, X, Y, MT. */
  public String word() {
    return switch (number) {
      case 23 -> "X";
      case 24 -> "Y";
      case 25 -> "MT";
      default -> Integer.toString(number);
    };
  }

  @Override
  public int compareTo(Chromosome other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return word();
  }
}
