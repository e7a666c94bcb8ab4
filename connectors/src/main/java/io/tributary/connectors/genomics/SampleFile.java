package io.tributary.connectors.genomics;

import io.tributary.connectors.genomics.Samples.Sex;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;

/**
 * Who was genotyped, in a file of its own, whose form its first line shows.
 *
 * <pre>
 *   .psam     #FID IID SEX ..., or #IID SEX ...; without a header the columns of .fam
 *   .sample   ID_1 ID_2 missing sex ..., then a line of types: 0 0 0 D ...; ID_1 is the family
 *   .fam      family individual father mother sex phenotype
 * </pre>
 */
public final class SampleFile {
  private static final int FAM_FIELDS = 6;

  private final TextLines lines;
  private final Samples.Builder samples;
  private int family = -1;
  private int individual;
  private int sex = -1;
  private int columns;

  private SampleFile(String location, TextLines lines) {
    this.lines = lines;
    this.samples = Samples.builder(location);
  }

  /** Reads a .psam, .sample or .fam. */
  public static Samples read(String location) {
    try (GenomicFile file = GenomicFile.open(location);
        TextLines lines = new TextLines(location, file.stream())) {
      return new SampleFile(location, lines).all();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Samples all() {
    String line = lines.next();
    while (line != null && line.startsWith("##")) {
      line = lines.next();
    }
    List<String> first = line == null ? List.of() : TextLines.fields(line);
    if (!first.isEmpty() && (first.get(0).equals("#FID") || first.get(0).equals("#IID"))) {
      psam(first);
      line = lines.next();
    } else if (!first.isEmpty() && first.get(0).equals("ID_1")) {
      sample(first);
      line = lines.next();
    } else {
      fam();
    }
    for (; line != null; line = lines.next()) {
      add(TextLines.fields(line));
    }
    return samples.build();
  }

  private void psam(List<String> header) {
    family = header.get(0).equals("#FID") ? 0 : -1;
    individual = family + 1;
    if (header.size() <= individual || (family == 0 && !header.get(1).equals("IID"))) {
      throw lines.refuse(
          "the header is not #FID IID or #IID.", "Make it with plink2 --make-just-psam.");
    }
    sex = header.indexOf("SEX");
    columns = header.size();
  }

  private void sample(List<String> header) {
    boolean twoIds = header.size() > 1 && header.get(1).equals("ID_2");
    family = twoIds ? 0 : -1;
    individual = twoIds ? 1 : 0;
    sex = header.indexOf("sex");
    columns = header.size();
    String line = lines.next();
    List<String> types = line == null ? List.of() : TextLines.fields(line);
    if (types.size() != columns
        || !types.subList(0, individual + 1).stream().allMatch("0"::equals)) {
      throw lines.refuse(
          "the second line does not tell the columns' types.",
          "A .sample file has two lines before the samples: ID_1 ID_2 missing sex, then 0 0 0 D.");
    }
  }

  private void fam() {
    family = 0;
    individual = 1;
    sex = 4;
    columns = FAM_FIELDS;
  }

  private void add(List<String> fields) {
    if (fields.size() < columns) {
      throw lines.refuse(
          "there are " + fields.size() + " columns, expected are " + columns + ".",
          "A .psam and a .sample file begin with their header; a .fam line is: family individual"
              + " father mother sex phenotype.");
    }
    samples.add(
        family < 0 ? "0" : fields.get(family),
        fields.get(individual),
        sex < 0 ? Sex.UNKNOWN : sex(fields.get(sex)));
  }

  private static Sex sex(String code) {
    return switch (code.toUpperCase(Locale.ROOT)) {
      case "1", "M", "MALE" -> Sex.MALE;
      case "2", "F", "FEMALE" -> Sex.FEMALE;
      default -> Sex.UNKNOWN;
    };
  }
}
