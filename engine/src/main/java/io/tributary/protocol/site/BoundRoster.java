package io.tributary.protocol.site;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.Roster;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the population book has to know of a roster (PROTOCOL.md 2.8); stands in the journal, so
 * that the book can be rebuilt without the study.
 *
 * @param page the page its sums are written on: the population, or the population in one study
 * @param members ids in roster order
 * @param core members that did not consent to be inferred
 * @param uploads m
 * @param colludingSites c_s
 */
public record BoundRoster(
    Digest page,
    List<SiteId> members,
    Set<SiteId> core,
    Study.Shape shape,
    int uploads,
    int colludingSites) {
  private static final String LABEL = "bound-roster/v1";

  public BoundRoster {
    members = List.copyOf(members);
    core = Set.copyOf(core);
  }

  static BoundRoster of(Declarations own, Digest study, Roster roster) {
    Digest page =
        roster.bindsInsideStudyOnly()
            ? Canonical.hash("population-in-study/v1", own.population().bytes(), study.bytes())
            : own.population();
    return new BoundRoster(
        page,
        List.copyOf(roster.ids()),
        roster.core(),
        roster.strength().shape(),
        roster.strength().uploads(),
        roster.strength().colludingSites());
  }

  Set<SiteId> ids() {
    return new TreeSet<>(members);
  }

  Set<SiteId> ids(SiteSet sites) {
    if (sites.rosterSize() != members.size()) {
      throw Errors.badMessage("A set of sites is over another roster than its epoch's.");
    }
    Set<SiteId> ids = new TreeSet<>();
    for (int site : sites.indices()) {
      ids.add(members.get(site));
    }
    return ids;
  }

  boolean hasDeclaredMembers() {
    return core.size() != members.size();
  }

  byte[] encode() {
    return Canonical.enc(
        LABEL,
        page.bytes(),
        ids(members),
        ids(List.copyOf(new TreeSet<>(core))),
        Canonical.u8(shape == Study.Shape.QUORUM ? 1 : 2),
        Canonical.u16(uploads),
        Canonical.u16(colludingSites));
  }

  static BoundRoster decode(byte[] field) {
    Canonical.Reader in = Canonical.read(field, LABEL, 6);
    Digest page = in.digest();
    List<SiteId> members = readIds(in);
    List<SiteId> core = readIds(in);
    int shape = in.u8();
    if (shape != 1 && shape != 2) {
      throw Errors.badMessage("A record names a shape that does not exist.");
    }
    BoundRoster roster =
        new BoundRoster(
            page,
            members,
            Set.copyOf(core),
            shape == 1 ? Study.Shape.QUORUM : Study.Shape.ALL,
            in.u16(),
            in.u16());
    in.end();
    return roster;
  }

  private static byte[] ids(List<SiteId> ids) {
    return Canonical.list(ids.stream().map(id -> Canonical.utf8(id.value())).toList());
  }

  private static List<SiteId> readIds(Canonical.Reader in) {
    return in.list(SiteSet.MAX_SITES, 32).stream()
        .map(item -> new SiteId(new String(item, java.nio.charset.StandardCharsets.US_ASCII)))
        .toList();
  }
}
