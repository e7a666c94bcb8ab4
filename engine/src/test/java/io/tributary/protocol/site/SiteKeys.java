package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.masking.Secret32;
import io.tributary.protocol.StateStore;

/** What a lying site can do with its own secrets: reads its channel key out of its store. */
public final class SiteKeys {
  private SiteKeys() {}

  /** K_ch of an active epoch. */
  public static Secret32 channel(StateStore store, Digest study, long epoch) {
    return SiteSecrets.decode(store.secrets(study).orElseThrow()).channel(epoch);
  }
}
