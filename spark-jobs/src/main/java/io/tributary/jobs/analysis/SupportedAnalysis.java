package io.tributary.jobs.analysis;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Slot;
import io.tributary.analysis.Step;
import io.tributary.codec.Support;
import io.tributary.connectors.tables.SiteTable;
import io.tributary.jobs.analysis.SupportedAnalysis.SupportedResult;
import io.tributary.jobs.analysis.SupportedAnalysis.SupportedState;
import io.tributary.privacy.Demand;
import io.tributary.report.AnalysisReport;
import io.tributary.study.Errors;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An analysis whose every sum is preceded by a support round (PROTOCOL.md 2.11): first the sites
 * say, under masks, whether they have anything at each place of the sum; then they sum, and leave
 * the places empty that at least one and fewer than 3 + c of them fill. The empty places travel in
 * the state, which every contributor computes itself from the verified counts.
 *
 * <p>An analysis that withholds places goes on without them. Any other ends when there is one.
 *
 * @param <S> state of the analysis inside
 * @param <R> result of the analysis inside
 */
public final class SupportedAnalysis<S, R>
    implements StudyAnalysis<SupportedState<S>, SupportedResult<R>> {
  /** Outcome of an analysis that ended because too few sites fill a place of it. */
  public static final String FEW_SITES = "FEW_SITES";

  private static final String FORM = "support/1";

  private final StudyAnalysis<S, R> inner;
  private final Job job;
  private final int leastSites;

  private SupportedAnalysis(StudyAnalysis<S, R> inner, Job job) {
    this.inner = inner;
    this.job = job;
    this.leastSites = leastSites(job);
  }

  /** An analysis with its support rounds; STUDY_INVALID if its sums are too large for them. */
  static <S, R> SupportedAnalysis<S, R> of(StudyAnalysis<S, R> inner, Job job) {
    if (inner.keepsSums() || inner.layout(inner.start()).blocks() != 1) {
      throw Errors.badOption(
          job.name(),
          "its sums are too large for a support round.",
          "another type, or a study without 'supportRound: required'");
    }
    return new SupportedAnalysis<>(inner, job);
  }

  /** 3 + c: so many sites fill a place of a sum, or none. */
  static int leastSites(Job job) {
    return 3 + job.study().colluding();
  }

  /** What is public between the rounds. */
  public sealed interface SupportedState<S> {
    /** State of the analysis inside. */
    S inner();

    /** Sites say where they have something. */
    record Asking<S>(S inner) implements SupportedState<S> {}

    /**
     * Sites sum.
     *
     * @param left places that stay empty, ascending
     */
    record Summing<S>(S inner, List<Integer> left) implements SupportedState<S> {
      public Summing {
        left = List.copyOf(left);
      }

      BitSet places() {
        BitSet places = new BitSet();
        left.forEach(places::set);
        return places;
      }
    }
  }

  /**
   * What came out.
   *
   * @param inner result of the analysis inside; empty if too few sites fill some place of it
   * @param places how many such places there were, where that ended it
   */
  public record SupportedResult<R>(Optional<R> inner, int places) {}

  @Override
  public SupportedState<S> start() {
    return new SupportedState.Asking<>(inner.start());
  }

  @Override
  public Layout layout(SupportedState<S> state) {
    Layout layout = inner.layout(state.inner());
    return state instanceof SupportedState.Asking<S> ? Support.layout(layout) : layout;
  }

  @Override
  public Partial contribute(SupportedState<S> state, SiteTable table) {
    Partial part = inner.contribute(state.inner(), table);
    return state instanceof SupportedState.Summing<S> summing
        ? Support.without(part, summing.places())
        : Support.indicators(part);
  }

  @Override
  public Step<SupportedState<S>, SupportedResult<R>> update(
      SupportedState<S> state, Aggregate sum) {
    if (state instanceof SupportedState.Summing<S> summing) {
      Step<S, R> step = inner.update(summing.inner(), sum.without(summing.places()));
      return step instanceof Step.Next<S, R> next
          ? new Step.Next<>(new SupportedState.Asking<>(next.state()))
          : new Step.Done<>(
              new SupportedResult<>(Optional.of(((Step.Done<S, R>) step).result()), 0));
    }
    List<Integer> left = new ArrayList<>();
    int place = 0;
    for (Slot slot : sum.layout().slots()) {
      for (long sites : sum.counts(slot.name())) {
        if (sites > 0 && sites < leastSites) {
          left.add(place);
        }
        place++;
      }
    }
    return left.isEmpty() || inner.withholdsPlaces(state.inner())
        ? new Step.Next<>(new SupportedState.Summing<>(state.inner(), left))
        : new Step.Done<>(new SupportedResult<>(Optional.empty(), left.size()));
  }

  @Override
  public byte[] encode(SupportedState<S> state) {
    StateBytes.Writer out = StateBytes.write(FORM);
    if (state instanceof SupportedState.Summing<S> summing) {
      out.whole(1).state(inner.encode(summing.inner())).whole(summing.left().size());
      summing.left().forEach(out::whole);
    } else {
      out.whole(0).state(inner.encode(state.inner()));
    }
    return out.bytes();
  }

  @Override
  public SupportedState<S> decode(byte[] bytes) {
    StateBytes.Reader in = StateBytes.read(FORM, bytes);
    boolean summing = in.whole(0, 1) == 1;
    S state = inner.decode(in.state());
    if (!summing) {
      in.end();
      return new SupportedState.Asking<>(state);
    }
    int places = Support.places(inner.layout(state));
    int count = in.whole(0, places);
    List<Integer> left = new ArrayList<>(count);
    int before = -1;
    for (int i = 0; i < count; i++) {
      before = in.whole(before + 1, places - 1);
      left.add(before);
    }
    in.end();
    if (count > 0 && !inner.withholdsPlaces(state)) {
      throw in.refuse();
    }
    return new SupportedState.Summing<>(state, left);
  }

  @Override
  public AnalysisReport present(SupportedResult<R> result) {
    if (result.inner().isPresent()) {
      return inner.present(result.inner().get());
    }
    return new AnalysisReport(
        job.name(),
        job.spec().type(),
        FEW_SITES,
        -1,
        0,
        Map.of(),
        List.of(),
        List.of(),
        List.of(
            FEW_SITES
                + ": "
                + result.places()
                + (result.places() == 1 ? " place of a sum is" : " places of a sum are")
                + " filled by fewer than "
                + leastSites
                + " sites, so the sum was not taken. A crosstab with declared levels, or a histogram"
                + " with declared edges, leaves out such cells alone."));
  }

  @Override
  public String resolution() {
    return inner.resolution();
  }

  /** Rounds that ask are not counted: what a policy limits are sums of what sites have. */
  @Override
  public Demand demand() {
    return inner.demand();
  }

  @Override
  public List<PlacedCount> counts(AnalysisReport report) {
    return inner.counts(report);
  }

  @Override
  public List<String> reveals() {
    List<String> sentences = new ArrayList<>();
    sentences.add(
        "Before each of these sums: at how many sites there is anything, for each place of it. The sum"
            + " then leaves out what fewer than "
            + leastSites
            + " sites fill"
            + (inner.withholdsPlaces(inner.start())
                ? "."
                : "; if there is such a place, the analysis ends instead."));
    sentences.addAll(inner.reveals());
    return sentences;
  }
}
