package io.tributary.protocol.coordinator;

import io.tributary.codec.Canonical;
import io.tributary.identity.AgreementKey;
import io.tributary.masking.Seal;
import io.tributary.masking.Secret32;
import io.tributary.protocol.Roster;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a coordinator keeps secret in one study: before activation C_e's private key, afterwards the
 * channel key of every site (PROTOCOL.md 2.3). Losing them means a new epoch, same steps, same
 * locks. Not thread-safe.
 */
public final class CoordinatorSecrets {
  private static final String LABEL = "coordinator-secrets/v1";
  private static final int MAX_EPOCHS = 1 << 12;

  private final Map<Long, AgreementKey> pending = new TreeMap<>();
  private final Map<Long, Secret32[]> channels = new TreeMap<>();

  AgreementKey newKey(long epoch, SecureRandom random) {
    return pending.computeIfAbsent(epoch, e -> AgreementKey.generate(random));
  }

  /** Derives the channel keys by roster index and destroys C_e's private key. */
  void activate(long epoch, Roster roster) {
    AgreementKey own = pending.get(epoch);
    if (own == null) {
      return;
    }
    Secret32[] keys = new Secret32[roster.size()];
    for (int site = 0; site < keys.length; site++) {
      byte[] agreed = own.agree(roster.entry(site).agreementKey().shared());
      keys[site] = Seal.channelKey(roster.terms().context(), agreed);
    }
    channels.put(epoch, keys);
    pending.remove(epoch).destroy();
  }

  boolean hasKey(long epoch) {
    return pending.containsKey(epoch) || channels.containsKey(epoch);
  }

  /** K_ch of one site of an active epoch. */
  Optional<Secret32> channel(long epoch, int site) {
    return Optional.ofNullable(channels.get(epoch)).map(keys -> keys[site]);
  }

  void forget(long epoch) {
    Optional.ofNullable(pending.remove(epoch)).ifPresent(AgreementKey::destroy);
    Optional.ofNullable(channels.remove(epoch))
        .ifPresent(keys -> Arrays.stream(keys).forEach(Secret32::destroy));
  }

  /** Plaintext of the sealed file; the caller zeroes it. */
  public byte[] encode() {
    List<byte[]> keys = new ArrayList<>();
    pending.forEach((epoch, key) -> keys.add(item(epoch, key.reveal())));
    List<byte[]> live = new ArrayList<>();
    channels.forEach(
        (epoch, secrets) -> {
          byte[][] revealed = new byte[secrets.length][];
          for (int i = 0; i < secrets.length; i++) {
            revealed[i] = secrets[i].reveal();
          }
          live.add(item(epoch, revealed));
        });
    byte[] encoded = Canonical.enc(LABEL, Canonical.list(keys), Canonical.list(live));
    keys.forEach(item -> Arrays.fill(item, (byte) 0));
    live.forEach(item -> Arrays.fill(item, (byte) 0));
    return encoded;
  }

  private static byte[] item(long epoch, byte[]... secrets) {
    ByteBuffer out = ByteBuffer.allocate(8 + Secret32.BYTES * secrets.length).putLong(epoch);
    for (byte[] secret : secrets) {
      out.put(secret);
      Arrays.fill(secret, (byte) 0);
    }
    return out.array();
  }

  /** Reads what {@link #encode} wrote; {@code encoded} is zeroed. */
  public static CoordinatorSecrets decode(byte[] encoded) {
    Canonical.Reader in = Canonical.read(encoded, LABEL, 2);
    CoordinatorSecrets secrets = new CoordinatorSecrets();
    for (byte[] item : in.list(MAX_EPOCHS, 8 + Secret32.BYTES)) {
      ByteBuffer field = ByteBuffer.wrap(item);
      long epoch = field.getLong();
      byte[] scalar = new byte[Secret32.BYTES];
      field.get(scalar);
      secrets.pending.put(epoch, AgreementKey.restore(scalar));
    }
    for (byte[] item : in.list(MAX_EPOCHS, 8 + 256 * Secret32.BYTES)) {
      ByteBuffer field = ByteBuffer.wrap(item);
      long epoch = field.getLong();
      Secret32[] keys = new Secret32[field.remaining() / Secret32.BYTES];
      for (int i = 0; i < keys.length; i++) {
        byte[] key = new byte[Secret32.BYTES];
        field.get(key);
        keys[i] = Secret32.take(key);
      }
      secrets.channels.put(epoch, keys);
    }
    in.end();
    Arrays.fill(encoded, (byte) 0);
    return secrets;
  }

  @Override
  public String toString() {
    return "CoordinatorSecrets[withheld]";
  }
}
