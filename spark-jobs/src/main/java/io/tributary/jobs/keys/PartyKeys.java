package io.tributary.jobs.keys;

import io.tributary.identity.VerifyingKey;
import io.tributary.study.Consortium;
import io.tributary.study.SiteId;
import java.util.Optional;

/** Who signs with which key, by a consortium file. */
public final class PartyKeys {
  private PartyKeys() {}

  /** The key of a site or the coordinator. */
  public static Optional<VerifyingKey> of(Consortium consortium, String party) {
    Optional<String> site =
        party.equals(consortium.coordinator().id())
            ? Optional.of(consortium.coordinator().key())
            : consortium.site(new SiteId(party)).map(Consortium.Member::key);
    return site.map(VerifyingKey::ofHex);
  }
}
