package io.tributary.protocol;

import io.tributary.codec.SiteSet;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The thresholds of a roster and whether it is strong enough (PROTOCOL.md 2.4). Every site computes
 * them itself, from the signed study and the pinned consortium file; the coordinator has no say.
 */
public final class Strength {
  private final Study.Shape shape;
  private final List<String> organisations;
  private final int minContributors;
  private final int colluders;
  private final int colludingSites;
  private final int uploads;
  private final int signatures;
  private final int shares;

  private Strength(
      Study.Shape shape, List<String> organisations, int minContributors, int colluders) {
    int n = organisations.size();
    this.shape = shape;
    this.organisations = List.copyOf(organisations);
    this.minContributors = minContributors;
    this.colluders = colluders;
    this.colludingSites = largest(organisations, colluders);
    if (shape == Study.Shape.ALL) {
      this.shares = Math.max(2, colludingSites + 1);
      this.signatures = shares;
      this.uploads = n;
    } else {
      this.signatures = (n + colludingSites) / 2 + 1;
      this.shares = signatures;
      this.uploads = Math.max(signatures, Math.max(minContributors, colludingSites + 2));
    }
  }

  /**
   * Thresholds of a roster; see {@link #require} for whether they are enough.
   *
   * @param organisations of the roster's sites, by roster index
   * @param minContributors n_min of the study, at least 3
   * @param colluders c of the study, at least 1
   */
  public static Strength of(
      Study.Shape shape, List<String> organisations, int minContributors, int colluders) {
    if (minContributors < 3 || colluders < 1) {
      throw new IllegalArgumentException(
          "minContributors=" + minContributors + " colluders=" + colluders);
    }
    return new Strength(shape, organisations, minContributors, colluders);
  }

  /** The shape that a study gives a roster of n sites: three sites are all or nothing. */
  public static Study.Shape shapeOf(Study study, int sites) {
    return study.shape().orElse(sites <= 3 ? Study.Shape.ALL : Study.Shape.QUORUM);
  }

  /** Sites of the c organisations with most sites. */
  private static int largest(List<String> organisations, int colluders) {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    for (String organisation : organisations) {
      sizes.merge(organisation, 1, Integer::sum);
    }
    List<Integer> counts = new ArrayList<>(sizes.values());
    counts.sort(Comparator.reverseOrder());
    int sum = 0;
    for (int i = 0; i < Math.min(colluders, counts.size()); i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  public Study.Shape shape() {
    return shape;
  }

  /** n. */
  public int sites() {
    return organisations.size();
  }

  public int minContributors() {
    return minContributors;
  }

  /** c, organisations. */
  public int colluders() {
    return colluders;
  }

  /** c_s, sites of the c largest organisations. */
  public int colludingSites() {
    return colludingSites;
  }

  /** m, least |U|. */
  public int uploads() {
    return uploads;
  }

  /** t, signatures that make a certificate. */
  public int signatures() {
    return signatures;
  }

  /** k, shares that rebuild a seed. */
  public int shares() {
    return shares;
  }

  /** Why the roster is too weak, as a sentence; empty if it is strong enough. */
  public Optional<String> weakness() {
    int n = sites();
    if (n < 3) {
      return Optional.of("A sum over " + n + " sites gives each the other's part.");
    }
    if (n > SiteSet.MAX_SITES) {
      return Optional.of("It has " + n + " sites, more than " + SiteSet.MAX_SITES + ".");
    }
    if (shape == Study.Shape.QUORUM && n < 4) {
      return Optional.of("Shape QUORUM needs four sites; three can only be ALL.");
    }
    if (n < minContributors) {
      return Optional.of(
          "It has " + n + " sites, the study asks for " + minContributors + " contributors.");
    }
    if (uploads > n
        || uploads < colludingSites + 2
        || shares > n
        || shares < colludingSites + 1
        || (shape == Study.Shape.QUORUM && 2 * signatures <= n + colludingSites)) {
      return Optional.of(
          colludingSites
              + " of "
              + n
              + " sites belong to the organisations that may collude, which is too many.");
    }
    return spread(new HashSet<>(organisations).size());
  }

  private Optional<String> spread(int found) {
    int needed = Math.max(3, minContributors);
    return found >= needed
        ? Optional.empty()
        : Optional.of("It spans " + found + " organisations, not " + needed + ".");
  }

  /** Refuses with ROSTER_TOO_WEAK. */
  public Strength require() {
    Optional<String> weakness = weakness();
    if (weakness.isPresent()) {
      throw tooWeak(weakness.get());
    }
    return this;
  }

  /** Why U may not be summed, as a sentence; empty if it may (PROTOCOL.md 2.4, tested at R2). */
  public Optional<String> weaknessOf(SiteSet contributors) {
    if (contributors.size() < uploads) {
      return Optional.of(contributors.size() + " sites uploaded, at least " + uploads + " must.");
    }
    Set<String> spanned = new HashSet<>();
    for (int site : contributors.indices()) {
      spanned.add(organisations.get(site));
    }
    return spread(spanned.size());
  }

  private static TributaryException tooWeak(String why) {
    return Errors.protocol(
        ErrorCode.ROSTER_TOO_WEAK,
        "The roster is too weak for the study.",
        why,
        "Wait for more sites, or have the study signed with other sites.");
  }

  @Override
  public String toString() {
    return "%s n=%d m=%d t=%d k=%d c=%d sites of colluders=%d"
        .formatted(shape, sites(), uploads, signatures, shares, colluders, colludingSites);
  }
}
