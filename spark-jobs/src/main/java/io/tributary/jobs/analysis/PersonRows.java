package io.tributary.jobs.analysis;

import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.privacy.NoisePlan;
import io.tributary.privacy.PersonClip;
import io.tributary.study.Errors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.Row;

/**
 * A site's rows by person, for sums with noise (PROTOCOL.md 3.1): all rows of a person are added,
 * then each slot's vector is clipped and put on the grid. How often that shortens one stands beside
 * the partial, for the site alone.
 */
public final class PersonRows {
  private final SiteTable table;
  private final List<String> columns;
  private final RowBlocks.RowReader reader;
  private final boolean severalRows;

  private PersonRows(
      SiteTable table, List<String> columns, RowBlocks.RowReader reader, boolean severalRows) {
    this.table = table;
    this.columns = columns;
    this.reader = reader;
    this.severalRows = severalRows;
  }

  /** Adds one row to its person's vectors; runs on executors. */
  public interface Kernel extends Serializable {
    /**
     * One row.
     *
     * @param row as the reader wrote it, [width]
     * @param person one vector for each slot of the layout, in its order; added to
     */
    void add(double[] row, double[][] person);
  }

  /** The table's rows through a reader. */
  public static PersonRows of(
      Job job, SiteTable table, List<String> columns, RowBlocks.RowReader reader) {
    return new PersonRows(table, columns, reader, job.study().cohort().rowsPerPerson() > 1);
  }

  /** The sum over persons; the noise is not in it yet. */
  public Partial sum(Layout layout, Kernel kernel) {
    RowBlocks.RowReader rowReader = reader;
    boolean several = severalRows;
    int person = columns.size();
    int size = layout.words(0);
    // How many persons there are, and whose vectors are shortened by slot, come after the words.
    long[] counted =
        PartitionWords.sum(
            (several ? table.rowsByPerson(columns) : table.rows(columns)).toJavaRDD(),
            layout,
            part -> {
              PersonSum sum = new PersonSum(layout, rowReader, kernel);
              Object before = null;
              while (part.hasNext()) {
                Row row = part.next();
                Object now = several ? row.get(person) : null;
                if (!several || !Objects.equals(now, before)) {
                  sum.endPerson();
                }
                before = now;
                sum.add(row);
              }
              sum.endPerson();
              return sum.words;
            });
    long[] counts = Arrays.copyOfRange(counted, size, size + 1 + layout.slots().size());
    return Partial.of(layout, Arrays.copyOf(counted, size))
        .withClipped(
            new Partial.Clipped(
                counts[0], Arrays.stream(counts, 1, counts.length).boxed().toList()));
  }

  /** Persons of one partition. */
  private static final class PersonSum {
    private final Layout layout;
    private final RowBlocks.RowReader reader;
    private final Kernel kernel;
    private final double[] row;
    private final double[][] person;
    private final long[][] grid;
    private final PersonClip.Rounding[] roundings;
    private final List<PersonClip> clips;
    private final long[] words;
    private boolean some;

    PersonSum(Layout layout, RowBlocks.RowReader reader, Kernel kernel) {
      this.layout = layout;
      this.reader = reader;
      this.kernel = kernel;
      this.row = new double[reader.width()];
      List<NoisePlan.SlotNoise> slots = NoisePlan.of(layout).orElseThrow().slots();
      this.person = new double[slots.size()][];
      this.grid = new long[slots.size()][];
      this.roundings = new PersonClip.Rounding[slots.size()];
      for (int slot = 0; slot < person.length; slot++) {
        person[slot] = new double[slots.get(slot).clip().elements()];
        grid[slot] = new long[person[slot].length];
        roundings[slot] = slots.get(slot).clip().rounding();
      }
      this.clips = slots.stream().map(NoisePlan.SlotNoise::clip).toList();
      this.words = new long[layout.words(0) + 1 + slots.size()];
    }

    void add(Row from) {
      if (reader.read(from, row, 0)) {
        kernel.add(row, person);
        some = true;
      }
    }

    void endPerson() {
      if (!some) {
        return;
      }
      int counts = layout.words(0);
      words[counts]++;
      for (int slot = 0; slot < person.length; slot++) {
        words[counts + 1 + slot] += clips.get(slot).clips(person[slot]) ? 1 : 0;
        roundings[slot].onGrid(person[slot], grid[slot]);
        int at = layout.offset(slot, 0);
        for (int i = 0; i < grid[slot].length; i++) {
          long sum = words[at + i] + grid[slot][i];
          if (((words[at + i] ^ sum) & (grid[slot][i] ^ sum)) < 0) {
            throw Errors.valueOutOfBounds(
                layout.slots().get(slot).name(), layout.slots().get(slot).boundPerSite());
          }
          words[at + i] = sum;
        }
        Arrays.fill(person[slot], 0);
      }
      some = false;
    }
  }
}
