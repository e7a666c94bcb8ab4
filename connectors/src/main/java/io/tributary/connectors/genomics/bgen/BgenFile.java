package io.tributary.connectors.genomics.bgen;

import io.tributary.connectors.genomics.GenomicFile;
import io.tributary.connectors.genomics.GenotypeSource;
import io.tributary.connectors.genomics.SampleFile;
import io.tributary.connectors.genomics.Samples;
import io.tributary.connectors.genomics.VariantReader;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.util.Optional;

/**
 * Dosages of a BGEN 1.2 or 1.3 file. A variant's address is the byte at which it begins, found by
 * one pass over the names and lengths of all; a .bgi file is not needed.
 */
public final class BgenFile implements GenotypeSource {
  private final String location;
  private final BgenHeader header;
  private final Samples samples;

  private BgenFile(String location, BgenHeader header, Samples samples) {
    this.location = location;
    this.header = header;
    this.samples = samples;
  }

  /**
   * Opens a file and reads its header.
   *
   * @param sampleFile .sample, .psam or .fam with the samples in the file's order; needed if the
   *     file holds no ids
   */
  public static BgenFile open(String location, Optional<String> sampleFile) {
    try (GenomicFile file = GenomicFile.open(location)) {
      BgenHeader header = BgenHeader.read(file);
      Samples samples =
          sampleFile
              .map(SampleFile::read)
              .or(header::names)
              .orElseThrow(
                  () ->
                      Errors.data(
                          ErrorCode.DATA_INVALID,
                          location,
                          "it has no sample ids.",
                          "Name its .sample file: options: {samples: FILE} in the catalogue."));
      if (samples.size() != header.samples()) {
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            sampleFile.orElse(location),
            "there are "
                + samples.size()
                + " samples, and the BGEN file has "
                + header.samples()
                + ".",
            "The two files are not of one set: copy them again.");
      }
      if (header.variants() == 0) {
        throw BgenHeader.refuse(file, 8, "there is no variant.", "Look at what wrote this file.");
      }
      return new BgenFile(location, header, samples);
    }
  }

  @Override
  public String place() {
    return location;
  }

  @Override
  public String form() {
    return "BGEN";
  }

  @Override
  public Samples samples() {
    return samples;
  }

  @Override
  public long variants() {
    return header.variants();
  }

  @Override
  public Calls calls() {
    return Calls.DOSAGES;
  }

  @Override
  public void variants(Visitor visitor) {
    try (GenomicFile file = GenomicFile.open(location)) {
      BgenVariants variants = new BgenVariants(file);
      long address = header.firstVariant();
      for (long i = 0; i < header.variants(); i++) {
        variants.read(address);
        visitor.variant(
            address, variants.chromosome(), variants.position(), variants.id(), variants.alleles());
        address = variants.next();
      }
      if (address != file.size()) {
        throw BgenHeader.damaged(
            file,
            address,
            "the file goes on after the " + header.variants() + " variants that its header tells.");
      }
    }
  }

  @Override
  public VariantReader reader() {
    return new BgenReader(location, header.compression(), samples.size());
  }

  @Override
  public String toString() {
    return "BgenFile[" + location + "]";
  }
}
