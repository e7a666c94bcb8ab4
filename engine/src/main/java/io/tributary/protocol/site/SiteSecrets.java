package io.tributary.protocol.site;

import io.tributary.codec.Canonical;
import io.tributary.identity.AgreementKey;
import io.tributary.masking.JobKey;
import io.tributary.masking.PairSecret;
import io.tributary.masking.RoundTerms;
import io.tributary.masking.Seal;
import io.tributary.masking.Secret32;
import io.tributary.masking.StepRandomness;
import io.tributary.protocol.Fields;
import io.tributary.protocol.Roster;
import io.tributary.protocol.StepId;
import io.tributary.study.Errors;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everything a site must keep secret in one study; the content of its sealed file (PROTOCOL.md 2.8,
 * Erasure). Before activation an epoch has its private key a_u; afterwards the channel key and, for
 * every job and peer, K_job[j][r]. A step that is open has its rho.
 *
 * <p>Changes take effect at once in memory; {@link io.tributary.protocol.Effect.SaveSecrets} makes
 * them durable. Not thread-safe.
 */
public final class SiteSecrets {
  private static final String LABEL = "site-secrets/v1";
  private static final int MAX_EPOCHS = 1 << 12;
  private static final int MAX_ITEM_BYTES = 4 << 20;

  private final Map<Long, AgreementKey> pending = new TreeMap<>();
  private final Map<Long, Live> live = new TreeMap<>();
  private final Map<StepId, StepRandomness> steps = new TreeMap<>();

  /** Secrets of an active epoch: channel key, and a chain for each job and peer. */
  private static final class Live {
    final int self;
    final Secret32 channel;
    final JobKey[][] chains;

    Live(int self, Secret32 channel, JobKey[][] chains) {
      this.self = self;
      this.channel = channel;
      this.chains = chains;
    }
  }

  /** A fresh a_u; kept if there is one, since only one is ever sent. */
  AgreementKey newKey(long epoch, SecureRandom random) {
    return pending.computeIfAbsent(epoch, e -> AgreementKey.generate(random));
  }

  Optional<AgreementKey> key(long epoch) {
    return Optional.ofNullable(pending.get(epoch));
  }

  boolean isLive(long epoch) {
    return live.containsKey(epoch);
  }

  /** Derives all that the epoch will ever need, then destroys a_u and every PRK (2.3). */
  void activate(
      long epoch, Roster roster, int self, int jobs, byte[] coordinatorKey, PairSecret[] pairs) {
    AgreementKey own = pending.get(epoch);
    Secret32 channel = Seal.channelKey(roster.terms().context(), own.agree(coordinatorKey));
    JobKey[][] chains = new JobKey[jobs][roster.size()];
    for (int peer = 0; peer < roster.size(); peer++) {
      if (peer != self) {
        for (int job = 0; job < jobs; job++) {
          chains[job][peer] = pairs[peer].jobKey(job);
        }
        pairs[peer].destroy();
      }
    }
    live.put(epoch, new Live(self, channel, chains));
    pending.remove(epoch).destroy();
  }

  /** Forgets an epoch. rho, locks and contributors stay, so its steps can be resumed in another. */
  void forget(long epoch) {
    AgreementKey key = pending.remove(epoch);
    if (key != null) {
      key.destroy();
    }
    Live gone = live.remove(epoch);
    if (gone != null) {
      gone.channel.destroy();
      for (JobKey[] chain : gone.chains) {
        destroy(chain);
      }
    }
  }

  /** Runs a job's chains of one epoch forward to a step; earlier keys are destroyed. */
  void advance(long epoch, StepId step) {
    Live epochKeys = live.get(epoch);
    if (epochKeys == null || step.job() >= epochKeys.chains.length) {
      return;
    }
    JobKey[] chain = epochKeys.chains[step.job()];
    for (int peer = 0; peer < chain.length; peer++) {
      if (chain[peer] != null && chain[peer].step() < step.step()) {
        chain[peer] = chain[peer].advanceTo(step.step());
      }
    }
  }

  /** The step that a job's chains of an epoch stand at, or -1 if there are none. */
  int stepOf(long epoch, int job) {
    Live epochKeys = live.get(epoch);
    if (epochKeys == null || job >= epochKeys.chains.length) {
      return -1;
    }
    for (JobKey key : epochKeys.chains[job]) {
      if (key != null) {
        return key.step();
      }
    }
    return -1;
  }

  /** The keys of one step by roster index; null at the site's own. */
  JobKey[] jobKeys(long epoch, StepId step) {
    if (stepOf(epoch, step.job()) != step.step()) {
      throw Errors.internal("No keys for step " + step + " in epoch " + epoch + ".", null);
    }
    return live.get(epoch).chains[step.job()];
  }

  /** K_ch of an active epoch. */
  Secret32 channel(long epoch) {
    return live.get(epoch).channel;
  }

  /** rho of a step, drawn at its first use: one input and one noise whatever is retried. */
  StepRandomness randomness(StepId step, SecureRandom random) {
    return steps.computeIfAbsent(step, s -> StepRandomness.draw(random));
  }

  Optional<StepRandomness> randomness(StepId step) {
    return Optional.ofNullable(steps.get(step));
  }

  /** K_job[j][r + 1] takes the place of K_job[j][r] in every epoch; rho is gone (2.8, Erasure). */
  void close(StepId step) {
    StepRandomness rho = steps.remove(step);
    if (rho != null) {
      rho.destroy();
    }
    if (step.step() + 1 < RoundTerms.MAX_STEPS) {
      for (long epoch : live.keySet()) {
        advance(epoch, new StepId(step.job(), step.step() + 1));
      }
    }
  }

  /** A job has no further step: its chains and what is left of its steps are destroyed. */
  void endJob(int job) {
    for (Live epochKeys : live.values()) {
      if (job < epochKeys.chains.length) {
        destroy(epochKeys.chains[job]);
      }
    }
    steps
        .entrySet()
        .removeIf(
            entry -> {
              if (entry.getKey().job() != job) {
                return false;
              }
              entry.getValue().destroy();
              return true;
            });
  }

  private static void destroy(JobKey[] chain) {
    for (int peer = 0; peer < chain.length; peer++) {
      if (chain[peer] != null) {
        chain[peer].destroy();
        chain[peer] = null;
      }
    }
  }

  /** Plaintext of the sealed file; the caller zeroes it. */
  public byte[] encode() {
    List<byte[]> keys = new ArrayList<>();
    pending.forEach(
        (epoch, key) -> keys.add(ByteBuffer.allocate(40).putLong(epoch).put(key.reveal()).array()));
    List<byte[]> epochs = new ArrayList<>();
    live.forEach((epoch, keysOf) -> epochs.add(encode(epoch, keysOf)));
    List<byte[]> randomness = new ArrayList<>();
    steps.forEach(
        (step, rho) ->
            randomness.add(
                ByteBuffer.allocate(40).put(Fields.step(step)).put(reveal(rho.rho())).array()));
    byte[] encoded =
        Canonical.enc(
            LABEL, Canonical.list(keys), Canonical.list(epochs), Canonical.list(randomness));
    for (List<byte[]> list : List.of(keys, epochs, randomness)) {
      list.forEach(item -> Arrays.fill(item, (byte) 0));
    }
    return encoded;
  }

  /**
   * u64 epoch, u16 self, u16 jobs, u16 n, channel key, then per job: u32 step (or -1) and n keys.
   */
  private static byte[] encode(long epoch, Live keys) {
    int jobs = keys.chains.length;
    int sites = jobs == 0 ? 0 : keys.chains[0].length;
    ByteBuffer out = ByteBuffer.allocate(14 + 32 + jobs * (4 + 32 * sites));
    out.putLong(epoch).putShort((short) keys.self).putShort((short) jobs).putShort((short) sites);
    out.put(reveal(keys.channel.copy()));
    for (JobKey[] chain : keys.chains) {
      int step = -1;
      for (JobKey key : chain) {
        step = key == null ? step : key.step();
      }
      out.putInt(step);
      for (JobKey key : chain) {
        out.put(key == null ? new byte[Secret32.BYTES] : reveal(key.key()));
      }
    }
    return out.array();
  }

  private static byte[] reveal(Secret32 copy) {
    byte[] bytes = copy.reveal();
    copy.destroy();
    return bytes;
  }

  /** Reads what {@link #encode} wrote; {@code encoded} is zeroed. */
  public static SiteSecrets decode(byte[] encoded) {
    Canonical.Reader in = Canonical.read(encoded, LABEL, 3);
    SiteSecrets secrets = new SiteSecrets();
    for (byte[] item : in.list(MAX_EPOCHS, 40)) {
      ByteBuffer field = ByteBuffer.wrap(item);
      long epoch = field.getLong();
      secrets.pending.put(epoch, AgreementKey.restore(take(field)));
    }
    for (byte[] item : in.list(MAX_EPOCHS, MAX_ITEM_BYTES)) {
      secrets.decodeLive(ByteBuffer.wrap(item));
    }
    for (byte[] item : in.list(1 << 16, 40)) {
      ByteBuffer field = ByteBuffer.wrap(item);
      StepId step = new StepId(field.getInt(), field.getInt());
      secrets.steps.put(step, StepRandomness.restore(Secret32.take(take(field))));
    }
    in.end();
    Arrays.fill(encoded, (byte) 0);
    return secrets;
  }

  private void decodeLive(ByteBuffer field) {
    long epoch = field.getLong();
    int self = field.getShort() & 0xffff;
    int jobs = field.getShort() & 0xffff;
    int sites = field.getShort() & 0xffff;
    Secret32 channel = Secret32.take(take(field));
    JobKey[][] chains = new JobKey[jobs][sites];
    for (int job = 0; job < jobs; job++) {
      int step = field.getInt();
      for (int peer = 0; peer < sites; peer++) {
        byte[] key = take(field);
        if (step >= 0 && peer != self) {
          chains[job][peer] = JobKey.restore(job, step, self, peer, Secret32.take(key));
        }
      }
    }
    live.put(epoch, new Live(self, channel, chains));
  }

  private static byte[] take(ByteBuffer field) {
    byte[] bytes = new byte[Secret32.BYTES];
    field.get(bytes);
    return bytes;
  }

  /** Whether there is nothing to keep. */
  boolean isEmpty() {
    return pending.isEmpty() && live.isEmpty() && steps.isEmpty();
  }

  @Override
  public String toString() {
    return "SiteSecrets[epochs=" + (pending.size() + live.size()) + ", withheld]";
  }
}
