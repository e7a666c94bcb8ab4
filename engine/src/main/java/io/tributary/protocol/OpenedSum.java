package io.tributary.protocol;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.ResultDigest;
import io.tributary.masking.Seal;
import io.tributary.masking.Secret32;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * What every member of U is given to verify a sum whose step has a successor (PROTOCOL.md 2.5,
 * Verified sums): the salt of result_digest, and the key that the opened seeds are sealed under.
 * With the masked frames, which lie on the exchange, they are the sum itself, hence withheld.
 *
 * <pre>
 *   keys     salt 32 bytes | key 32 bytes                          sealed to each member of U
 *   seeds    b_u for u in U ascending, then s_uz by (u, z)         once, under the key
 * </pre>
 */
public final class OpenedSum {
  /** Sums are verified up to this many words times contributors. */
  public static final long MAX_VERIFIED_WORDS = 1L << 22;

  private static final int KEYS_BYTES = ResultDigest.SALT_BYTES + Secret32.BYTES;
  private static final String TYPE = "result/v1";

  private final byte[] salt;
  private final byte[] key;
  private final byte[][] seeds;

  /**
   * Takes the arrays as its own.
   *
   * @param salt of result_digest, 32 bytes
   * @param key random, 32 bytes
   * @param seeds 32 bytes each, in the order above
   */
  public OpenedSum(byte[] salt, byte[] key, byte[][] seeds) {
    this.salt = salt;
    this.key = key;
    this.seeds = seeds;
  }

  /** Whether sums of this size are verified; both ends compute it. */
  public static boolean isVerified(int contributors, long words) {
    return words <= MAX_VERIFIED_WORDS / contributors;
  }

  /** How many seeds an opening of U has. */
  public static int seeds(SiteSet participants, SiteSet contributors) {
    return contributors.size() * (1 + participants.minus(contributors).size());
  }

  public byte[] salt() {
    return salt.clone();
  }

  public byte[][] seeds() {
    return Arrays.stream(seeds).map(byte[]::clone).toArray(byte[][]::new);
  }

  /** The keys, sealed to one site under its channel key. */
  public Bytes keysFor(Secret32 channel, int site, Digest round) {
    byte[] keys = Arrays.copyOf(salt, KEYS_BYTES);
    System.arraycopy(key, 0, keys, ResultDigest.SALT_BYTES, Secret32.BYTES);
    byte[] sealed = Seal.seal(channel, TYPE, Seal.COORDINATOR, site, round, keys);
    Arrays.fill(keys, (byte) 0);
    return Bytes.take(sealed);
  }

  /** The opened seeds, sealed once. */
  public Bytes sealedSeeds(Digest round) {
    byte[] all = new byte[seeds.length * Secret32.BYTES];
    for (int i = 0; i < seeds.length; i++) {
      System.arraycopy(seeds[i], 0, all, i * Secret32.BYTES, Secret32.BYTES);
    }
    Secret32 under = Secret32.copyOf(key);
    byte[] sealed = Seal.seal(under, TYPE, Seal.COORDINATOR, Seal.COORDINATOR, round, all);
    under.destroy();
    return Bytes.take(sealed);
  }

  /**
   * Opens what a site was given. STATE_UPDATE_MISMATCH if it does not open or has another size.
   *
   * @param keys {@link #keysFor} this site
   * @param sealedSeeds {@link #sealedSeeds}
   * @param count how many seeds there must be
   */
  public static OpenedSum open(
      Secret32 channel, int site, Digest round, Bytes keys, Bytes sealedSeeds, int count) {
    byte[] opened =
        Seal.open(channel, TYPE, Seal.COORDINATOR, site, round, keys.shared())
            .filter(bytes -> bytes.length == KEYS_BYTES)
            .orElseThrow(() -> mismatch("The keys of the sum do not open."));
    byte[] salt = Arrays.copyOf(opened, ResultDigest.SALT_BYTES);
    byte[] key = Arrays.copyOfRange(opened, ResultDigest.SALT_BYTES, KEYS_BYTES);
    Secret32 under = Secret32.copyOf(key);
    Optional<byte[]> all =
        Seal.open(under, TYPE, Seal.COORDINATOR, Seal.COORDINATOR, round, sealedSeeds.shared());
    under.destroy();
    if (all.isEmpty() || all.get().length != count * Secret32.BYTES) {
      throw mismatch("The opened seeds of the sum do not open.");
    }
    return new OpenedSum(salt, key, split(all.get()));
  }

  private static byte[][] split(byte[] all) {
    byte[][] seeds = new byte[all.length / Secret32.BYTES][];
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = Arrays.copyOfRange(all, i * Secret32.BYTES, (i + 1) * Secret32.BYTES);
    }
    return seeds;
  }

  /** STATE_UPDATE_MISMATCH: the coordinator's sum or state is not what came out here. */
  public static TributaryException mismatch(String why) {
    return Errors.protocol(
        ErrorCode.STATE_UPDATE_MISMATCH,
        "The coordinator's next question does not follow from the last sum.",
        why,
        "Keep the exchange's objects as evidence; compare versions, or do not trust the"
            + " coordinator.");
  }

  /** As words, to be kept beside the sum's own until the next sum is taken. */
  public long[] words() {
    byte[] all = new byte[KEYS_BYTES + seeds.length * Secret32.BYTES];
    System.arraycopy(salt, 0, all, 0, salt.length);
    System.arraycopy(key, 0, all, salt.length, key.length);
    for (int i = 0; i < seeds.length; i++) {
      System.arraycopy(seeds[i], 0, all, KEYS_BYTES + i * Secret32.BYTES, Secret32.BYTES);
    }
    long[] words = new long[all.length / Long.BYTES];
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
    return words;
  }

  /** What {@link #words} gave. */
  public static OpenedSum ofWords(long[] words) {
    byte[] all = new byte[words.length * Long.BYTES];
    ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(words);
    return new OpenedSum(
        Arrays.copyOf(all, ResultDigest.SALT_BYTES),
        Arrays.copyOfRange(all, ResultDigest.SALT_BYTES, KEYS_BYTES),
        split(Arrays.copyOfRange(all, KEYS_BYTES, all.length)));
  }

  @Override
  public String toString() {
    return "OpenedSum[withheld]";
  }
}
