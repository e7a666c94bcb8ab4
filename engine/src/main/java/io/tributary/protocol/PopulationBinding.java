package io.tributary.protocol;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What binds a population at a site once something of it has left (PROTOCOL.md 2.8): the sites that
 * every further sum has to be over. Kept twice, in the journal of the protocol and in the ledger,
 * so that a site that loses one of them still refuses the differences of sums.
 *
 * @param page the population, or the population in one study
 * @param roster ids of the roster that it is bound to
 * @param uploads m of that roster
 * @param declared whether a roster under which the site uploaded had members that consented to be
 *     inferred
 * @param core members that did not consent, at the first upload
 * @param contributors U of all released sums, what they have in common under consent; empty before
 *     the first
 */
public record PopulationBinding(
    Digest page,
    Set<SiteId> roster,
    Study.Shape shape,
    int uploads,
    boolean declared,
    Set<SiteId> core,
    Optional<Set<SiteId>> contributors) {
  private static final String LABEL = "population-binding/v1";

  /** Longest encoding: three sets of 256 ids of 32 bytes, with room. */
  public static final int MAX_BYTES = 64 << 10;

  public PopulationBinding {
    roster = Set.copyOf(roster);
    core = Set.copyOf(core);
    contributors = contributors.map(Set::copyOf);
  }

  public byte[] encode() {
    return Canonical.enc(
        LABEL,
        page.bytes(),
        Fields.ids(roster),
        Canonical.u8(shape == Study.Shape.QUORUM ? 1 : 2),
        Canonical.u16(uploads),
        Canonical.u8(declared ? 1 : 0),
        Fields.ids(core),
        Canonical.u8(contributors.isPresent() ? 1 : 0),
        Fields.ids(contributors.orElse(Set.of())));
  }

  /** BAD_MESSAGE if the bytes are out of form. */
  public static PopulationBinding decode(byte[] bytes) {
    Canonical.Reader in = Canonical.read(bytes, LABEL, 8);
    Digest page = in.digest();
    Set<SiteId> roster = Fields.ids(in);
    Study.Shape shape = oneOf(in.u8() - 1) == 0 ? Study.Shape.QUORUM : Study.Shape.ALL;
    int uploads = in.u16();
    boolean declared = oneOf(in.u8()) == 1;
    Set<SiteId> core = Fields.ids(in);
    boolean released = oneOf(in.u8()) == 1;
    Set<SiteId> contributors = Fields.ids(in);
    in.end();
    if (!released && !contributors.isEmpty()) {
      throw Errors.badMessage("A population has contributors of no sum.");
    }
    return new PopulationBinding(
        page,
        roster,
        shape,
        uploads,
        declared,
        core,
        released ? Optional.of(new TreeSet<>(contributors)) : Optional.empty());
  }

  private static int oneOf(int code) {
    if (code != 0 && code != 1) {
      throw Errors.badMessage("What binds a population has a mark that there is not.");
    }
    return code;
  }
}
