package io.tributary.connectors.genomics;

import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The public list of a study's variants: the columns {@code #CHROM POS ID REF ALT} of plink2's
 * .pvar, with tabs, plain or gzip, and {@code AF} (frequency of ALT in some reference) if it is
 * known. It is sorted by chromosome, position, REF and ALT in byte order, without repeats, one row
 * for each ALT; chromosomes 1 to 22 and X. A variant's position in it is its name on the wire, and
 * copies of ALT are counted everywhere.
 *
 * <p>Kept in a few arrays: a list of ten million variants takes about 300 MB.
 */
public final class VariantList {
  /** Variants of one list. */
  public static final int MAX_VARIANTS = 1 << 24;

  private static final List<String> NEEDED = List.of("#CHROM", "POS", "ID", "REF", "ALT");
  private static final int MAX_ALLELE = 1000;

  private final String digest;
  private final Assembly assembly;
  private final int[] firstOfChromosome;
  private final int[] positions;
  private final int[] ends;
  private final byte[] texts;
  private final float[] frequencies;

  private VariantList(Parsing parsed, String digest) {
    this.digest = digest;
    this.assembly = parsed.assembly;
    this.positions = Arrays.copyOf(parsed.positions, parsed.size);
    this.ends = Arrays.copyOf(parsed.ends, parsed.size);
    this.texts = Arrays.copyOf(parsed.texts, parsed.used);
    this.frequencies =
        parsed.withFrequency ? Arrays.copyOf(parsed.frequencies, parsed.size) : new float[0];
    this.firstOfChromosome = parsed.firsts();
  }

  /**
   * Reads a list.
   *
   * @param location local path or Hadoop URI
   * @param sha256 what the file's bytes must hash to, in lower-case hex, as the study says
   * @param count variants that it must have, as the study says
   */
  public static VariantList read(String location, Assembly assembly, String sha256, int count) {
    VariantList list = read(location, assembly);
    if (!list.digest.equals(sha256)) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          location,
          "its SHA-256 is " + list.digest + ", and the study names " + sha256 + ".",
          "Get the list that the study was written for; every party needs the same bytes.");
    }
    if (list.size() != count) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          location,
          "it has " + list.size() + " variants, and the study says " + count + ".",
          "Correct genotypes.count in the study.");
    }
    return list;
  }

  /** Reads a list whose digest nobody has pinned yet. */
  public static VariantList read(String location, Assembly assembly) {
    MessageDigest hash = sha256();
    try (GenomicFile file = GenomicFile.open(location);
        InputStream raw = new DigestInputStream(file.stream(), hash);
        TextLines lines = new TextLines(location, raw)) {
      Parsing parsing = new Parsing(lines, assembly);
      parsing.all();
      // Whatever follows the end of a gzip stream belongs to the file's bytes too.
      raw.transferTo(java.io.OutputStream.nullOutputStream());
      return new VariantList(parsing, HexFormat.of().formatHex(hash.digest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  public int size() {
    return positions.length;
  }

  /** SHA-256 of the file's bytes, in lower-case hex. */
  public String digest() {
    return digest;
  }

  public Assembly assembly() {
    return assembly;
  }

  public Chromosome chromosome(int variant) {
    Objects.checkIndex(variant, size());
    int number = 1;
    while (firstOfChromosome[number + 1] <= variant) {
      number++;
    }
    return new Chromosome(number);
  }

  /** 1-based. */
  public int position(int variant) {
    return positions[variant];
  }

  public String ref(int variant) {
    return text(variant, 0);
  }

  public String alt(int variant) {
    return text(variant, 1);
  }

  public String id(int variant) {
    return text(variant, 2);
  }

  /** Frequency of ALT in the list's reference, or NaN if the list does not say. */
  public float frequency(int variant) {
    return frequencies.length == 0 ? Float.NaN : frequencies[variant];
  }

  /** REF, ALT, ID: bytes between zeros. */
  private String text(int variant, int field) {
    int from = variant == 0 ? 0 : ends[variant - 1];
    for (int i = 0; i < field; i++) {
      while (texts[from] != 0) {
        from++;
      }
      from++;
    }
    int to = from;
    while (texts[to] != 0) {
      to++;
    }
    return new String(texts, from, to - from, StandardCharsets.UTF_8);
  }

  /** First variant of a chromosome, or where it would stand. */
  public int first(Chromosome chromosome) {
    return firstOfChromosome[chromosome.number()];
  }

  /** First variant after those of a chromosome. */
  public int end(Chromosome chromosome) {
    return firstOfChromosome[chromosome.number() + 1];
  }

  /** First variant at a position or beyond, within its chromosome. */
  int atOrAfter(Chromosome chromosome, int position) {
    int low = first(chromosome);
    int high = end(chromosome);
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (positions[middle] < position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Whether REF and ALT are each other's complement, so that the strand cannot be seen. */
  public boolean isPalindromic(int variant) {
    return ref(variant).equals(complement(alt(variant)));
  }

  /** The other strand's bases; of anything but A, C, G, T the text itself. */
  static String complement(String allele) {
    char[] bases = allele.toCharArray();
    for (int i = 0; i < bases.length; i++) {
      switch (bases[i]) {
        case 'A' -> bases[i] = 'T';
        case 'C' -> bases[i] = 'G';
        case 'G' -> bases[i] = 'C';
        case 'T' -> bases[i] = 'A';
        default -> {
          return allele;
        }
      }
    }
    for (int i = 0; i < bases.length / 2; i++) {
      char base = bases[i];
      bases[i] = bases[bases.length - 1 - i];
      bases[bases.length - 1 - i] = base;
    }
    return new String(bases);
  }

  @Override
  public String toString() {
    return "VariantList[" + size() + ", " + digest.substring(0, 12) + "]";
  }

  /** Reads the lines. */
  private static final class Parsing {
    private final TextLines lines;
    private final Assembly assembly;
    private final int[] counts = new int[Chromosome.COUNT + 2];
    private int[] positions = new int[1024];
    private int[] ends = new int[1024];
    private float[] frequencies = new float[1024];
    private byte[] texts = new byte[1 << 14];
    private boolean withFrequency;
    private int frequencyAt = -1;
    private int columns;
    private int size;
    private int used;
    private int number;
    private String ref = "";
    private String alt = "";
    private String chromosomeName = "";
    private Chromosome chromosome = Chromosome.MT;

    Parsing(TextLines lines, Assembly assembly) {
      this.lines = lines;
      this.assembly = assembly;
    }

    void all() {
      String line = lines.next();
      while (line != null && line.startsWith("##")) {
        line = lines.next();
      }
      header(line);
      for (line = lines.next(); line != null; line = lines.next()) {
        row(line.split("\t", -1));
      }
      if (size == 0) {
        throw lines.refuse("the list has no variant.", "Write one line for each variant.");
      }
    }

    private void header(String line) {
      List<String> names = line == null ? List.of() : List.of(line.split("\t", -1));
      if (names.size() < NEEDED.size() || !names.subList(0, NEEDED.size()).equals(NEEDED)) {
        throw lines.refuse(
            "the header is not " + String.join(" ", NEEDED) + ", with tabs.",
            "Make the list with plink2 --make-just-pvar cols= (a .pvar file), or with 'tributary"
                + " genotypes list'.");
      }
      columns = names.size();
      frequencyAt = names.indexOf("AF");
      withFrequency = frequencyAt >= 0;
    }

    private void row(String[] fields) {
      if (fields.length != columns) {
        throw lines.refuse(
            "there are " + fields.length + " columns, the header has " + columns + ".",
            "Columns stand between single tabs.");
      }
      if (size == MAX_VARIANTS) {
        throw lines.refuse(
            "there are more than " + MAX_VARIANTS + " variants.",
            "Split the list, such as by chromosome, and write an analysis for each.");
      }
      Chromosome chromosome = chromosome(fields[0]);
      int position = lines.position(fields[1]);
      if (position < 1 || position > chromosome.length(assembly)) {
        throw lines.refuse(
            "position "
                + position
                + " is not on chromosome "
                + chromosome
                + " of "
                + assembly.word()
                + ", which has "
                + chromosome.length(assembly)
                + " bases.",
            "Look at genotypes.assembly in the study; a list of another build has to be lifted"
                + " over before.");
      }
      allele(fields[3]);
      allele(fields[4]);
      if (fields[3].equals(fields[4])) {
        throw lines.refuse("REF and ALT are equal.", "Remove the line.");
      }
      if (fields[2].indexOf(0) >= 0) {
        throw lines.refuse("the ID holds a zero byte.", "Remove it.");
      }
      order(chromosome.number(), position, fields[3], fields[4]);
      grow();
      positions[size] = position;
      frequencies[size] = withFrequency ? frequency(fields[frequencyAt]) : 0;
      append(fields[3]);
      append(fields[4]);
      append(fields[2]);
      ends[size] = used;
      counts[chromosome.number()]++;
      size++;
    }

    private Chromosome chromosome(String text) {
      if (!text.equals(chromosomeName)) {
        chromosome = named(text);
        chromosomeName = text;
      }
      return chromosome;
    }

    private Chromosome named(String text) {
      boolean ambiguous = text.equals("24") || text.equals("25") || text.equals("26");
      return Chromosome.of(text)
          .filter(each -> !ambiguous && each.number() <= Chromosome.X.number())
          .orElseThrow(
              () ->
                  lines.refuse(
                      "'" + text + "' is no chromosome that a list may have.",
                      "Lists hold chromosomes 1 to 22 and X; leave out the rest."));
    }

    private void allele(String text) {
      boolean plain = !text.isEmpty() && text.length() <= MAX_ALLELE;
      for (int i = 0; i < text.length() && plain; i++) {
        char c = text.charAt(i);
        plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      }
      if (!plain) {
        throw lines.refuse(
            "'"
                + (text.length() > 20 ? text.substring(0, 20) + "..." : text)
                + "' is no allele that can be tested.",
            "Write bases in capitals, one line for each ALT; '*', '<DEL>' and breakends cannot"
                + " be tested.");
      }
    }

    private void order(int chromosome, int position, String nextRef, String nextAlt) {
      int before = size == 0 ? 0 : positions[size - 1];
      int compared = Integer.compare(number, chromosome);
      compared = compared != 0 || size == 0 ? compared : Integer.compare(before, position);
      compared = compared != 0 || size == 0 ? compared : ref.compareTo(nextRef);
      compared = compared != 0 || size == 0 ? compared : alt.compareTo(nextAlt);
      if (size > 0 && compared >= 0) {
        TributaryException refusal =
            compared == 0
                ? lines.refuse("the variant stands here twice.", "Keep one of the two lines.")
                : lines.refuse(
                    "the line is not in order.",
                    "Sort by chromosome (1 to 22, X), position, REF and ALT in byte order, or make"
                        + " the list with 'tributary genotypes list'.");
        throw refusal;
      }
      number = chromosome;
      ref = nextRef;
      alt = nextAlt;
    }

    private float frequency(String text) {
      if (text.equals(".") || text.equals("NA")) {
        return Float.NaN;
      }
      try {
        float value = Float.parseFloat(text.toLowerCase(Locale.ROOT));
        if (value >= 0 && value <= 1) {
          return value;
        }
      } catch (NumberFormatException e) {
        // Refused below, as is a number outside [0, 1].
      }
      throw lines.refuse("AF is no frequency.", "Write a number from 0 to 1, or a dot.");
    }

    private void grow() {
      if (size == positions.length) {
        positions = Arrays.copyOf(positions, 2 * size);
        ends = Arrays.copyOf(ends, 2 * size);
        frequencies = Arrays.copyOf(frequencies, 2 * size);
      }
    }

    private void append(String text) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      if (used > Integer.MAX_VALUE - 64 - bytes.length) {
        throw lines.refuse("ids and alleles are longer than 2 GB together.", "Split the list.");
      }
      if (used + bytes.length + 1 > texts.length) {
        long wanted = Math.max(2L * texts.length, used + bytes.length + 1L);
        texts = Arrays.copyOf(texts, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
      }
      System.arraycopy(bytes, 0, texts, used, bytes.length);
      used += bytes.length + 1;
    }

    /** By chromosome number, [COUNT + 2]. */
    int[] firsts() {
      int[] firsts = new int[Chromosome.COUNT + 2];
      for (int c = 1; c <= Chromosome.COUNT; c++) {
        firsts[c + 1] = firsts[c] + counts[c];
      }
      return firsts;
    }
  }
}
