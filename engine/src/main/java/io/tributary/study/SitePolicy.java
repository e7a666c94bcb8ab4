package io.tributary.study;

import java.util.List;

/**
 * What a site's steward allows (DESIGN.md 8). The site owns it, and unset means deny: {@link #DENY}
 * admits nothing. Judged by {@code privacy.SiteGuard} before any row is read.
 *
 * @param datasets logical datasets a study may use
 * @param columns study columns that may be used in any way, also in {@code where} and {@code
 *     derive}
 * @param analyses types of analysis
 * @param analysts ids in the consortium file
 * @param minContributors least n_min a study may ask for
 * @param minColluding least c a study may ask for
 * @param minCell least {@code release.minCell} a study may ask for
 * @param minPersons least {@code release.minPersons} a study may ask for
 * @param maxSaturation largest {@code release.maxSaturation} a study may ask for
 * @param contributorScope PROTOCOL.md 2.8, signed into EpochKey
 * @param ownTotalsMayBeInferred PROTOCOL.md 2.8, signed into EpochKey
 */
public record SitePolicy(
    Allowed datasets,
    Allowed columns,
    Allowed analyses,
    Allowed analysts,
    int minContributors,
    int minColluding,
    int minCell,
    int minPersons,
    double maxSaturation,
    ContributorScope contributorScope,
    boolean ownTotalsMayBeInferred) {

  /** Nothing is allowed; the floors are the product's own. */
  public static final SitePolicy DENY =
      new SitePolicy(
          Allowed.NONE,
          Allowed.NONE,
          Allowed.NONE,
          Allowed.NONE,
          3,
          1,
          Study.ReleaseFloor.DEFAULT.minCell(),
          Study.ReleaseFloor.DEFAULT.minPersons(),
          Study.ReleaseFloor.DEFAULT.maxSaturation(),
          ContributorScope.POPULATION,
          false);

  /** What the contributor and roster rules bind: all sums of a population, or those of a study. */
  public enum ContributorScope {
    POPULATION,
    STUDY
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
      if (all) {
        return "everything";
      }
      return names.isEmpty() ? "nothing" : String.join(", ", names);
    }
  }
}
