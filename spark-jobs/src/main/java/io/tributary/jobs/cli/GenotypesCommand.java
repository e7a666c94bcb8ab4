package io.tributary.jobs.cli;

import io.tributary.connectors.genomics.CallCounts;
import io.tributary.connectors.genomics.CohortGenotypes;
import io.tributary.connectors.genomics.GenotypeForms;
import io.tributary.connectors.genomics.GenotypeSource;
import io.tributary.connectors.genomics.Samples;
import io.tributary.connectors.genomics.VariantList;
import io.tributary.connectors.genomics.VariantMatch;
import io.tributary.connectors.genomics.VariantSummary;
import io.tributary.jobs.console.Commands;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import io.tributary.study.Assembly;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteConfig.DosageField;
import io.tributary.study.SiteConfig.Duplicates;
import io.tributary.study.SiteConfig.GenotypeFormat;
import io.tributary.study.SiteConfig.Genotypes;
import io.tributary.study.SiteConfig.Strand;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tributary genotypes ...}: files of genotypes, looked at where they are. */
@Command(
    name = "genotypes",
    description = "Files of genotypes: what is in them, and whether a study can read them.",
    subcommands = {GenotypesCommand.Describe.class, GenotypesCommand.Check.class})
final class GenotypesCommand {

  /** Which files, and what the catalogue would say of them. */
  static final class Input {
    @Parameters(
        paramLabel = "<file>",
        description =
            "A .bed, .pgen, .vcf, .vcf.gz or .bgen file; others of its set lie beside it.")
    private String path;

    @Option(names = "--samples", description = "A .psam, .sample or .fam file.")
    private Optional<String> samples = Optional.empty();

    @Option(names = "--dosage", description = "Field of a VCF file: DS or GP (default: GT).")
    private Optional<DosageField> dosage = Optional.empty();

    @Option(names = "--unsplittable", description = "Read VCF files under plain gzip too.")
    private boolean unsplittable;

    @Option(names = "--strand", defaultValue = "forward", description = "forward or unknown.")
    private Strand strand;

    @Option(names = "--duplicates", defaultValue = "refuse", description = "refuse or first.")
    private Duplicates duplicates;

    GenotypeSource open() {
      GenotypeFormat format =
          GenotypeForms.ofName(path)
              .orElseThrow(
                  () ->
                      Errors.invalid(
                          ErrorCode.USAGE,
                          path,
                          "its name tells no form of genotypes.",
                          "Name a .bed, .pgen, .vcf, .vcf.gz or .bgen file."));
      return GenotypeForms.open(
          new Genotypes(format, path, strand, duplicates, samples, dosage, unsplittable));
    }
  }

  /** {@code genotypes describe}. */
  @Command(
      name = "describe",
      description = "Form, samples and variants of a file. No call is read.")
  static final class Describe implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private Input input;

    @Override
    public Integer call() {
      GenotypeSource source = input.open();
      show(common, described(source));
      return 0;
    }
  }

  private static Map<String, Object> described(GenotypeSource source) {
    VariantSummary variants = VariantSummary.of(source);
    Map<String, Object> fields =
        Commands.fields(
            "form",
            source.form(),
            "calls",
            source.calls().name().toLowerCase(Locale.ROOT),
            "samples",
            source.samples().size(),
            "male",
            count(source, Samples.Sex.MALE),
            "female",
            count(source, Samples.Sex.FEMALE),
            "variants",
            source.variants(),
            "several ALTs",
            variants.severalAlts());
    variants.chromosomes().forEach((name, count) -> fields.put("chromosome " + name, count));
    fields.put("elsewhere", variants.unnamed());
    fields.put("may be of", variants.possible().stream().map(Assembly::word).toList());
    return fields;
  }

  private static long count(GenotypeSource source, Samples.Sex sex) {
    Samples samples = source.samples();
    return IntStream.range(0, samples.size()).filter(sample -> samples.sex(sample) == sex).count();
  }

  /** {@code genotypes check}. */
  @Command(
      name = "check",
      description = "Read all of a file, and match its variants with a study's list.")
  static final class Check implements Callable<Integer> {
    @Mixin private CommonOptions common;
    @Mixin private Input input;

    @Option(names = "--list", description = "A public list of variants.")
    private Optional<String> list = Optional.empty();

    @Option(names = "--assembly", description = "Build of the list: GRCh37, GRCh38 or NCBI36.")
    private Optional<String> assembly = Optional.empty();

    @Override
    public Integer call() {
      Optional<VariantList> variants = list.map(path -> VariantList.read(path, build()));
      GenotypeSource source = input.open();
      Map<String, Object> fields = described(source);
      CallCounts calls = CallCounts.of(source);
      fields.put("calls of no copy", calls.none());
      fields.put("calls of one copy", calls.one());
      fields.put("calls of two copies", calls.two());
      fields.put("missing calls", calls.missing());
      source
          .samples()
          .positions(
              source.samples().family(0).equals("0")
                  ? Samples.Join.INDIVIDUAL
                  : Samples.Join.FAMILY_AND_INDIVIDUAL);
      variants.ifPresent(wanted -> match(source, wanted, fields));
      show(common, fields);
      return 0;
    }

    private Assembly build() {
      return assembly
          .flatMap(Assembly::of)
          .orElseThrow(
              () ->
                  Errors.invalid(
                      ErrorCode.USAGE,
                      "--assembly",
                      "a list needs the build of its positions.",
                      "Write --assembly GRCh37, GRCh38 or NCBI36."));
    }

    private void match(GenotypeSource source, VariantList wanted, Map<String, Object> fields) {
      VariantMatch match = VariantMatch.of(source, wanted, input.strand, input.duplicates);
      VariantMatch.Counts counts = match.counts();
      fields.put("list", wanted.size());
      fields.put("sha256", wanted.digest());
      fields.put("of the list here", counts.matched());
      fields.put("with ALT first", counts.swapped());
      fields.put("by the other strand", counts.otherStrand());
      fields.put("not on the list", counts.notOnList());
      fields.put("repeated", counts.repeated());
      fields.put("on no chromosome of lists", counts.unnamed());
      CohortGenotypes.compareFrequencies(source, wanted, match);
    }
  }

  private static void show(CommonOptions common, Map<String, Object> fields) {
    Console console = common.console();
    if (common.json()) {
      Map<String, Object> names = new LinkedHashMap<>();
      fields.forEach((name, value) -> names.put(camel(name), value));
      console.result(names);
    } else {
      fields.forEach((name, value) -> console.result(name + ": " + value));
    }
  }

  private static String camel(String words) {
    StringBuilder name = new StringBuilder();
    for (String word : words.split(" ", -1)) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }
}
