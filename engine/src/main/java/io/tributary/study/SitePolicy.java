package io.tributary.study;

import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a site's steward allows (DESIGN.md 8). The site owns it, and unset means deny: {@link #DENY}
 * admits nothing. Judged by {@code privacy.SiteGuard} before any row is read.
 *
 * @param validity studies are admitted inside it only
 * @param approval whether a person decides each study, or these rules alone
 * @param datasets logical datasets a study may use, and which columns in which roles
 * @param analyses types of analysis and their limits
 * @param analysts ids in the consortium file
 * @param purposes texts that a study may state as its purpose, letter by letter
 * @param budgets differential privacy that may be spent; a dataset without one has none to spend
 * @param minContributors least n_min a study may ask for
 * @param minColluding least c a study may ask for
 * @param minCell least {@code release.minCell} a study may ask for; also k of the rule on cohorts
 *     that are too close (PROTOCOL.md 2.8)
 * @param minPersons least {@code release.minPersons} a study may ask for
 * @param maxSaturation largest {@code release.maxSaturation} a study may ask for: parameters per
 *     person
 * @param maxShare largest {@code release.maxShare} a study may ask for: part of a sum that one
 *     person can make up
 * @param contributorScope PROTOCOL.md 2.8, signed into EpochKey
 * @param ownTotalsMayBeInferred PROTOCOL.md 2.8, signed into EpochKey
 * @param supportRound whether a study has to leave out of its sums what few sites fill
 * @param cohorts whether the cohort of a study of exact sums is compared with earlier ones
 */
public record SitePolicy(
    Validity validity,
    Approval approval,
    Named<Columns> datasets,
    Named<Limits> analyses,
    Allowed analysts,
    Allowed purposes,
    List<Budget> budgets,
    int minContributors,
    int minColluding,
    int minCell,
    int minPersons,
    double maxSaturation,
    double maxShare,
    ContributorScope contributorScope,
    boolean ownTotalsMayBeInferred,
    Study.SupportRound supportRound,
    Cohorts cohorts) {

  /** Nothing is allowed; the floors are the product's own. */
  public static final SitePolicy DENY =
      new SitePolicy(
          Validity.ALWAYS,
          Approval.MANUAL,
          Named.none(),
          Named.none(),
          Allowed.NONE,
          Allowed.NONE,
          List.of(),
          3,
          1,
          Study.ReleaseFloor.DEFAULT.minCell(),
          Study.ReleaseFloor.DEFAULT.minPersons(),
          Study.ReleaseFloor.DEFAULT.maxSaturation(),
          Study.ReleaseFloor.DEFAULT.maxShare(),
          ContributorScope.POPULATION,
          false,
          Study.SupportRound.NONE,
          Cohorts.COMPARED);

  public SitePolicy {
    budgets = List.copyOf(budgets);
  }

  /** Who lets a study in that the rules admit. */
  public enum Approval {
    /** A steward grants each study ({@code tributary approve grant}). */
    MANUAL,
    /** The rules are enough. */
    RULES
  }

  /** What the contributor and roster rules bind: all sums of a population, or those of a study. */
  public enum ContributorScope {
    POPULATION,
    STUDY
  }

  /** What a site does about two studies whose cohorts differ by a few persons. */
  public enum Cohorts {
    /** The later one is refused: COHORT_TOO_CLOSE. */
    COMPARED,
    /** Nothing; no cohort is remembered either. */
    UNCHECKED
  }

  /** From and until, both inclusive. */
  public record Validity(Instant from, Instant until) {
    public static final Validity ALWAYS = new Validity(Instant.MIN, Instant.MAX);

    public boolean contains(Instant moment) {
      return !moment.isBefore(from) && !moment.isAfter(until);
    }

    /** For a refusal. */
    public String words() {
      String begins = from.equals(Instant.MIN) ? "" : "from " + from;
      String ends = until.equals(Instant.MAX) ? "" : "until " + until;
      String both = (begins + " " + ends).strip();
      return both.isEmpty() ? "always" : both;
    }
  }

  /**
   * A list of names, or all names, said by the steward in as many words.
   *
   * @param all everything is allowed; then {@code names} is empty
   * @param names what is allowed
   */
  public record Allowed(boolean all, List<String> names) {
    public static final Allowed NONE = new Allowed(false, List.of());
    public static final Allowed ALL = new Allowed(true, List.of());

    public Allowed {
      names = List.copyOf(names);
    }

    public static Allowed of(String... names) {
      return new Allowed(false, List.of(names));
    }

    public boolean allows(String name) {
      return all || names.contains(name);
    }

    /** For a refusal: what the rule allows. */
    public String words() {
      return SitePolicy.words(all, names);
    }
  }

  /**
   * What is allowed by name.
   *
   * @param others what holds for every name that is not listed; empty if such a name is denied
   * @param listed what holds for the names listed
   */
  public record Named<T>(Optional<T> others, Map<String, T> listed) {
    public Named {
      listed = Collections.unmodifiableMap(new LinkedHashMap<>(listed));
    }

    public static <T> Named<T> none() {
      return new Named<>(Optional.empty(), Map.of());
    }

    public static <T> Named<T> all(T each) {
      return new Named<>(Optional.of(each), Map.of());
    }

    /** What holds for a name; empty means denied. */
    public Optional<T> of(String name) {
      return Optional.ofNullable(listed.get(name)).or(() -> others);
    }

    /** For a refusal: what the rule allows. */
    public String words() {
      return SitePolicy.words(others.isPresent(), listed.keySet());
    }
  }

  /** The columns of one dataset, each with the roles it may have. */
  public record Columns(Named<Set<ColumnRole>> roles) {
    /** Every column in every role. */
    public static final Columns ALL = new Columns(Named.all(EnumSet.allOf(ColumnRole.class)));

    /** These columns in every role. */
    public static Columns of(Collection<String> names) {
      Map<String, Set<ColumnRole>> listed = new LinkedHashMap<>();
      names.forEach(name -> listed.put(name, EnumSet.allOf(ColumnRole.class)));
      return new Columns(new Named<>(Optional.empty(), listed));
    }

    /** For a refusal: what the rule allows of one column. */
    public String words(String column) {
      return roles.of(column).map(Columns::words).orElse(roles.words());
    }

    private static String words(Set<ColumnRole> allowed) {
      return allowed.size() == ColumnRole.values().length
          ? "every role"
          : allowed.stream().map(ColumnRole::word).collect(Collectors.joining(", "));
    }
  }

  /**
   * Limits of one type of analysis.
   *
   * @param maxWays columns whose levels one table crosses, at most: of a crosstab, of {@code by},
   *     of strata
   * @param maxBins bins of one histogram, at most
   * @param maxRounds sums of one job, at most: what iterations reveal (PROTOCOL.md 2.11)
   * @param maxSaturation parameters per person, at most
   * @param sparse whether a job may ask for sums over fewer persons than {@code minCell}, down to
   *     one; the coordinator sees them, and the sites that verify sums; a reader of results does
   *     not
   */
  public record Limits(
      int maxWays, int maxBins, int maxRounds, double maxSaturation, boolean sparse) {
    public static final Limits DEFAULT =
        new Limits(3, 100, 30, Study.ReleaseFloor.DEFAULT.maxSaturation(), false);
  }

  /**
   * A sum of privacy losses that is never exceeded, over all studies that it covers.
   *
   * @param dataset logical dataset; a refreshed snapshot of it spends from the same budget
   * @param analyst only studies that this analyst signed, if present
   * @param purpose only studies that state this purpose, if present
   */
  public record Budget(
      String dataset, Optional<String> analyst, Optional<String> purpose, Rho total) {
    /** Whether a study's steps are debited from it. */
    public boolean covers(String itsDataset, String itsAnalyst, String itsPurpose) {
      return dataset.equals(itsDataset)
          && analyst.map(itsAnalyst::equals).orElse(true)
          && purpose.map(itsPurpose::equals).orElse(true);
    }

    /** {@code lung}, {@code lung for analyst ada}. */
    public String words() {
      return dataset
          + analyst.map(id -> " for analyst " + id).orElse("")
          + purpose.map(text -> " for the purpose '" + text + "'").orElse("");
    }
  }

  private static String words(boolean all, Collection<String> names) {
    if (all) {
      return "everything";
    }
    return names.isEmpty() ? "nothing" : String.join(", ", names);
  }
}
