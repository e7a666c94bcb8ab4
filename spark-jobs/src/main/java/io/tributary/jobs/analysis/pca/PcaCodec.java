package io.tributary.jobs.analysis.pca;

import io.tributary.jobs.analysis.Job;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.StateBytes;
import io.tributary.jobs.analysis.VariantPruning.Candidates;
import io.tributary.jobs.analysis.pca.PcaState.Counting;
import io.tributary.jobs.analysis.pca.PcaState.Describing;
import io.tributary.jobs.analysis.pca.PcaState.Linking;
import io.tributary.jobs.analysis.pca.PcaState.Projecting;
import io.tributary.jobs.genomics.Projection;

/** States as bytes. */
final class PcaCodec {
  private static final String FORM = "pca/1";
  private static final int COUNTING = 0;
  private static final int LINKING = 1;
  private static final int PROJECTING = 2;
  private static final int DESCRIBING = 3;

  private PcaCodec() {}

  static byte[] encode(PcaState state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof Linking linking) {
      return linking.candidates().encode(out.whole(LINKING).whole(linking.persons())).bytes();
    }
    if (state instanceof Projecting projecting) {
      return projecting
          .candidates()
          .encode(out.whole(PROJECTING).whole(projecting.persons()))
          .whole(projecting.round())
          .whole(projecting.cycle())
          .whole(projecting.factors())
          .real(projecting.edge())
          .reals(projecting.block().numbers().toArray())
          .bytes();
    }
    if (state instanceof Describing describing) {
      return describing
          .candidates()
          .encode(out.whole(DESCRIBING).whole(describing.persons()))
          .whole(describing.rounds())
          .reals(describing.values().toArray())
          .reals(describing.residuals().toArray())
          .reals(describing.loadings().numbers().toArray())
          .bytes();
    }
    return out.whole(COUNTING).bytes();
  }

  /**
   * The state from bytes.
   *
   * @param of whose options it has to suit
   */
  static PcaState decode(byte[] bytes, PcaAnalysis of) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    int kind = in.whole(COUNTING, DESCRIBING);
    PcaState state = kind == COUNTING ? new Counting() : decode(in, kind, of);
    in.end();
    return state;
  }

  private static PcaState decode(StateBytes.Reader in, int kind, PcaAnalysis of) {
    long persons = in.whole();
    Candidates candidates = Candidates.decode(in, of.job().genotypes().count());
    if (persons < 1 || persons > Job.MAX_PERSONS || (kind == LINKING && !of.prunes())) {
      throw in.refuse();
    }
    if (kind == LINKING) {
      return new Linking(candidates, persons);
    }
    for (int row = 0; row < candidates.means().size(); row++) {
      if (!(Projection.sd(candidates.means().at(row)) > 0)) {
        throw in.refuse();
      }
    }
    return kind == PROJECTING
        ? projecting(in, candidates, persons, of)
        : describing(in, candidates, persons, of);
  }

  private static PcaState projecting(
      StateBytes.Reader in, Candidates candidates, long persons, PcaAnalysis of) {
    int rows = candidates.means().size();
    int columns = of.columns(rows);
    int round = in.whole(0, PcaAnalysis.MOST_ROUNDS - 1);
    int cycle = in.whole(0, round);
    int factors = in.whole(0, Filter.degree(cycle) - 1);
    double edge = in.real();
    Block block = block(in, rows, columns);
    boolean tells = factors == 0 ? edge == 0 && !(1 / edge < 0) : edge > 1e-100 && edge < 1e100;
    for (int j = 0; j < columns; j++) {
      tells &= block.length(j) < 2;
    }
    double bound = PcaState.projection(candidates, block).bound();
    if (!tells || !(bound > 1e-50 && bound < 1e50)) {
      throw in.refuse();
    }
    return new Projecting(candidates, persons, round, cycle, factors, edge, block);
  }

  private static PcaState describing(
      StateBytes.Reader in, Candidates candidates, long persons, PcaAnalysis of) {
    int rounds = in.whole(1, PcaAnalysis.MOST_ROUNDS);
    Reals values = Reals.of(in.reals());
    if (values.size() < 1 || values.size() > of.components()) {
      throw in.refuse();
    }
    Reals residuals = Reals.of(in.reals(values.size()));
    Block loadings = block(in, candidates.means().size(), values.size());
    double bound = PcaState.projection(candidates, loadings).bound();
    boolean tells = residuals.allFinite() && bound > 1e-50 && bound < 1e50;
    for (int j = 0; j < values.size(); j++) {
      tells &= values.at(j) > 1e-100 && values.at(j) < 1e100;
    }
    if (!tells) {
      throw in.refuse();
    }
    return new Describing(candidates, persons, rounds, loadings, values, residuals);
  }

  private static Block block(StateBytes.Reader in, int rows, int columns) {
    Reals numbers = Reals.of(in.reals(Math.multiplyExact(rows, columns)));
    if (!numbers.allFinite()) {
      throw in.refuse();
    }
    return new Block(rows, columns, numbers);
  }
}
