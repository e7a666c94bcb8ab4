package io.tributary.connectors.genomics.vcf;

import io.tributary.connectors.genomics.DosageReader;
import io.tributary.study.SiteConfig.DosageField;

/** DS or GP of a VCF file's lines into tiles. */
final class VcfDosageReader extends DosageReader {
  private final String vcf;
  private final boolean unsplittable;
  private final DosageField field;
  private final int samples;

  VcfDosageReader(String vcf, boolean unsplittable, DosageField field, int samples) {
    this.vcf = vcf;
    this.unsplittable = unsplittable;
    this.field = field;
    this.samples = samples;
  }

  @Override
  public int samples() {
    return samples;
  }

  @Override
  protected Rows open() {
    return new Lines(VcfLines.open(vcf, unsplittable), field, samples);
  }

  private static final class Lines implements Rows {
    private final VcfLines lines;
    private final VcfRecord record;
    private final DosageColumns columns;

    Lines(VcfLines lines, DosageField field, int samples) {
      this.lines = lines;
      this.record = new VcfRecord(lines);
      this.columns = new DosageColumns(record, field, samples);
      lines.expect(samples);
    }

    @Override
    public void read(long address, int counted, char[] into, int from) {
      lines.seek(address);
      lines.next();
      record.locate();
      columns.read(counted, into, from);
    }

    @Override
    public void close() {
      lines.close();
    }
  }
}
