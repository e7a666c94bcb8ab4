package io.tributary.protocol;

import io.tributary.study.Consortium;
import io.tributary.study.Consortium.Member;
import io.tributary.study.Consortium.Party;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one consortium file changes in another, and whose signatures that takes (PROTOCOL.md 2.4,
 * E0, Updates).
 *
 * <p>A party's own renewal, a new key or certificate under the same name, takes the party's old
 * key. Everything else takes every site of the old file but those that go or get another key
 * without their old one. Every new key signs, so that nobody can enter a key that is not theirs.
 */
public final class ConsortiumChange {
  private final Consortium before;
  private final Consortium after;
  private final Map<String, Entry> old;
  private final Map<String, Entry> fresh;

  /** One party as both kinds of entry have it. */
  private record Entry(String role, String id, String organisation, String key, String tls) {
    boolean renews(Entry earlier) {
      return role.equals(earlier.role)
          && organisation.equals(earlier.organisation)
          && (!key.equals(earlier.key) || !tls.equals(earlier.tls));
    }

    String words() {
      return role + " " + id;
    }
  }

  private ConsortiumChange(Consortium before, Consortium after) {
    this.before = before;
    this.after = after;
    this.old = entries(before);
    this.fresh = entries(after);
  }

  /**
   * The change from one file to the next. CONSORTIUM_INVALID if they cannot follow each other: the
   * name stays and the version grows.
   */
  public static ConsortiumChange between(Consortium before, Consortium after) {
    if (!after.name().equals(before.name()) || after.version() <= before.version()) {
      throw Errors.invalid(
          ErrorCode.CONSORTIUM_INVALID,
          "version " + after.version() + " of '" + after.name() + "'",
          "does not follow version " + before.version() + " of '" + before.name() + "'.",
          "Make it from the file in force: 'tributary roster add', 'replace' or 'remove'.");
    }
    return new ConsortiumChange(before, after);
  }

  private static Map<String, Entry> entries(Consortium consortium) {
    Map<String, Entry> entries = new TreeMap<>();
    for (Member site : consortium.sites()) {
      String id = site.id().value();
      entries.put(
          id, new Entry("site", id, site.organisation(), site.key(), site.tlsFingerprint()));
    }
    consortium.analysts().forEach(analyst -> entries.put(analyst.id(), entry("analyst", analyst)));
    Party coordinator = consortium.coordinator();
    entries.put(coordinator.id(), entry("coordinator", coordinator));
    return entries;
  }

  private static Entry entry(String role, Party party) {
    return new Entry(
        role, party.id(), party.organisation(), party.key(), party.tlsFingerprint().orElse(""));
  }

  /** What changes, one sentence each. */
  public List<String> words() {
    List<String> words = new ArrayList<>();
    if (!before.validFrom().equals(after.validFrom())
        || !before.validUntil().equals(after.validUntil())) {
      words.add("valid from " + after.validFrom() + " to " + after.validUntil());
    }
    for (Entry entry : old.values()) {
      Entry now = fresh.get(entry.id());
      if (now == null || !now.role().equals(entry.role())) {
        words.add(entry.words() + " is removed");
      } else {
        if (!now.organisation().equals(entry.organisation())) {
          words.add(entry.words() + " belongs to " + now.organisation());
        }
        if (!now.key().equals(entry.key())) {
          words.add(entry.words() + " has another identity key, " + now.key());
        }
        if (!now.tls().equals(entry.tls())) {
          words.add(entry.words() + " has another certificate, " + now.tls());
        }
      }
    }
    for (Entry entry : fresh.values()) {
      if (isNew(entry)) {
        words.add(
            entry.words()
                + " of "
                + entry.organisation()
                + " is added, its identity key is "
                + entry.key());
      }
    }
    return words;
  }

  private boolean isNew(Entry entry) {
    return !old.containsKey(entry.id()) || !old.get(entry.id()).role().equals(entry.role());
  }

  /** Keys of the new file that have to sign: those that are new or changed. */
  public Set<String> newKeys() {
    Set<String> ids = new TreeSet<>();
    for (Entry entry : fresh.values()) {
      if (isNew(entry) || !old.get(entry.id()).key().equals(entry.key())) {
        ids.add(entry.id());
      }
    }
    return ids;
  }

  /**
   * Sites of the old file that have to sign with their old keys, given who did.
   *
   * @param signed parties that have signed with their key of the old file
   * @return those that are missing
   */
  public Set<String> missing(Set<String> signed) {
    if (isOwnRenewalsOnly(signed)) {
      return Set.of();
    }
    Set<String> needed = new TreeSet<>();
    for (Member site : before.sites()) {
      Entry now = fresh.get(site.id().value());
      boolean stays = now != null && now.role().equals("site") && now.key().equals(site.key());
      if (stays) {
        needed.add(site.id().value());
      }
    }
    needed.removeAll(signed);
    return needed;
  }

  /**
   * Whether all that changes are keys and certificates of parties that signed with their old key.
   */
  private boolean isOwnRenewalsOnly(Set<String> signed) {
    boolean only =
        before.validFrom().equals(after.validFrom())
            && before.validUntil().equals(after.validUntil())
            && old.keySet().equals(fresh.keySet());
    for (Entry entry : fresh.values()) {
      Entry earlier = old.get(entry.id());
      boolean own =
          entry.equals(earlier)
              || (earlier != null && entry.renews(earlier) && signed.contains(entry.id()));
      only &= own;
    }
    return only;
  }

  /**
   * How many sites of the old file must have signed a change that is more than renewals, whoever
   * needs not: more than c_s, and more than half of all and c_s, but never the last one that may be
   * lost. With n sites, and c_s of them of the organisation with most: max(c_s + 1, min(n - 1,
   * floor((n + c_s) / 2) + 1)).
   */
  public int leastSites() {
    Map<String, Integer> sizes = new HashMap<>();
    before.sites().forEach(site -> sizes.merge(site.organisation(), 1, Integer::sum));
    int n = before.sites().size();
    int colluding = sizes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    return Math.max(colluding + 1, Math.min(n - 1, (n + colluding) / 2 + 1));
  }

  /** Whether so many sites of the old file have signed, or none need to. */
  boolean hasEnoughSites(Set<String> signed) {
    long sites =
        signed.stream().filter(id -> before.site(new SiteId(id)).isPresent()).distinct().count();
    return isOwnRenewalsOnly(signed) || sites >= leastSites();
  }
}
