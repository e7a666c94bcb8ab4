package io.tributary.ledger;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.protocol.PopulationAct;
import io.tributary.protocol.PopulationBinding;
import io.tributary.protocol.StepId;
import io.tributary.study.Errors;
import io.tributary.study.Rho;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** One line of a site's ledger; canonical objects (PROTOCOL.md 2.2), append-only. */
public sealed interface LedgerEntry {
  /** The study that the entry is about, or the act. */
  Digest study();

  /** When it was written, to the second. */
  Instant at();

  byte[] encode();

  /**
   * A step was paid for, before anything of it left. Never taken back: what became of it afterwards
   * is not known here.
   *
   * @param rho 0 for a step without differential privacy
   */
  record Debited(
      Digest study,
      Instant at,
      StepId step,
      String dataset,
      String analyst,
      String purpose,
      Rho rho)
      implements LedgerEntry {
    static final String LABEL = "ledger-debited/v1";

    public Debited {
      at = Instant.ofEpochSecond(at.getEpochSecond());
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL,
          Canonical.u64(at.getEpochSecond()),
          Canonical.u32(step.job()),
          Canonical.u32(step.step()),
          Canonical.utf8(dataset),
          Canonical.utf8(analyst),
          Canonical.utf8(purpose),
          rho.numerator().toByteArray(),
          rho.denominator().toByteArray());
    }
  }

  /**
   * A cohort is about to be summed; from here on it counts as released.
   *
   * @param unit column of the source that names the person, or {@link CohortFingerprint#ROWS}
   * @param columns columns of the source whose values are remembered, in their order
   * @param file SHA-256 of its file of fingerprints
   */
  record CohortUsed(
      Digest study,
      Instant at,
      String dataset,
      String unit,
      List<String> columns,
      long persons,
      Digest file)
      implements LedgerEntry {
    static final String LABEL = "ledger-cohort-used/v1";

    public CohortUsed {
      at = Instant.ofEpochSecond(at.getEpochSecond());
      columns = List.copyOf(columns);
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL,
          Canonical.u64(at.getEpochSecond()),
          Canonical.utf8(dataset),
          Canonical.utf8(unit),
          Canonical.list(columns.stream().map(Canonical::utf8).toList()),
          Canonical.u64(persons),
          file.bytes());
    }
  }

  /**
   * How often the site's persons were clipped in a step with noise. No noise is in these numbers:
   * they never leave the site.
   *
   * @param persons in the step
   * @param slots of the step
   * @param clipped persons whose vector was shortened, for each slot
   */
  record Clipped(
      Digest study, Instant at, StepId step, long persons, List<String> slots, List<Long> clipped)
      implements LedgerEntry {
    static final String LABEL = "ledger-clipped/v1";

    public Clipped {
      at = Instant.ofEpochSecond(at.getEpochSecond());
      slots = List.copyOf(slots);
      clipped = List.copyOf(clipped);
      if (slots.size() != clipped.size()) {
        throw Errors.badMessage("A ledger entry counts clips of other slots.");
      }
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(
          LABEL,
          Canonical.u64(at.getEpochSecond()),
          Canonical.u32(step.job()),
          Canonical.u32(step.step()),
          Canonical.u64(persons),
          Canonical.list(slots.stream().map(Canonical::utf8).toList()),
          Canonical.list(clipped.stream().map(Canonical::u64).toList()));
    }

    @Override
    public String toString() {
      return "Clipped[values withheld]";
    }
  }

  /** The steward's decision on the study, as it was signed. */
  final class Decided implements LedgerEntry {
    static final String LABEL = "ledger-decided/v1";

    private final Digest study;
    private final Instant at;
    private final byte[] signed;

    public Decided(Digest study, Instant at, byte[] signed) {
      this.study = study;
      this.at = Instant.ofEpochSecond(at.getEpochSecond());
      this.signed = signed.clone();
    }

    @Override
    public Digest study() {
      return study;
    }

    @Override
    public Instant at() {
      return at;
    }

    /** {@link StewardDecision}, with its signature. */
    public byte[] signed() {
      return signed.clone();
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u64(at.getEpochSecond()), signed);
    }
  }

  /**
   * The stewards' act that gave a population other contributors, as it was signed; the study is the
   * act's digest.
   */
  final class Acted implements LedgerEntry {
    static final String LABEL = "ledger-acted/v1";

    private final Digest act;
    private final Instant at;
    private final byte[] signed;

    public Acted(Digest act, Instant at, byte[] signed) {
      this.act = act;
      this.at = Instant.ofEpochSecond(at.getEpochSecond());
      this.signed = signed.clone();
    }

    @Override
    public Digest study() {
      return act;
    }

    @Override
    public Instant at() {
      return at;
    }

    /** {@link PopulationAct}, with its consents. */
    public byte[] signed() {
      return signed.clone();
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u64(at.getEpochSecond()), signed);
    }
  }

  /**
   * The sites that every further sum over a population has to be over; before what binds it leaves.
   *
   * @param study that binds it, or the population's page
   */
  record Bound(Digest study, Instant at, PopulationBinding binding) implements LedgerEntry {
    static final String LABEL = "ledger-bound/v1";

    public Bound {
      at = Instant.ofEpochSecond(at.getEpochSecond());
    }

    @Override
    public byte[] encode() {
      return Canonical.enc(LABEL, Canonical.u64(at.getEpochSecond()), binding.encode());
    }
  }

  /** Reads an entry of this site's own ledger. BAD_MESSAGE if it is out of form. */
  static LedgerEntry decode(Digest study, byte[] record) {
    String label = Canonical.labelOf(record);
    LedgerEntry entry;
    Canonical.Reader in;
    switch (label) {
      case Debited.LABEL -> {
        in = Canonical.read(record, label, 8);
        entry =
            new Debited(
                study,
                instant(in),
                new StepId(in.u32(Integer.MAX_VALUE), in.u32(Integer.MAX_VALUE)),
                in.text(MAX_TEXT_BYTES),
                in.text(MAX_TEXT_BYTES),
                in.text(MAX_TEXT_BYTES),
                rho(in.bytes(MAX_TEXT_BYTES), in.bytes(MAX_TEXT_BYTES)));
      }
      case CohortUsed.LABEL -> {
        in = Canonical.read(record, label, 6);
        entry =
            new CohortUsed(
                study,
                instant(in),
                in.text(MAX_TEXT_BYTES),
                in.text(MAX_TEXT_BYTES),
                in.list(MAX_COLUMNS, MAX_TEXT_BYTES).stream()
                    .map(name -> new String(name, java.nio.charset.StandardCharsets.UTF_8))
                    .toList(),
                in.u64(),
                in.digest());
      }
      case Clipped.LABEL -> {
        in = Canonical.read(record, label, 6);
        entry =
            new Clipped(
                study,
                instant(in),
                new StepId(in.u32(Integer.MAX_VALUE), in.u32(Integer.MAX_VALUE)),
                in.u64(),
                in.list(MAX_COLUMNS, MAX_TEXT_BYTES).stream()
                    .map(name -> new String(name, java.nio.charset.StandardCharsets.UTF_8))
                    .toList(),
                in.list(MAX_COLUMNS, Long.BYTES).stream().map(LedgerEntry::count).toList());
      }
      case Decided.LABEL -> {
        in = Canonical.read(record, label, 2);
        entry = new Decided(study, instant(in), in.bytes(MAX_DECISION_BYTES));
      }
      case Acted.LABEL -> {
        in = Canonical.read(record, label, 2);
        entry = new Acted(study, instant(in), in.bytes(PopulationAct.MAX_BYTES));
      }
      case Bound.LABEL -> {
        in = Canonical.read(record, label, 2);
        entry =
            new Bound(
                study,
                instant(in),
                PopulationBinding.decode(in.bytes(PopulationBinding.MAX_BYTES)));
      }
      default -> throw Errors.badMessage("No ledger entry has the label '" + label + "'.");
    }
    in.end();
    return entry;
  }

  /** Longest name, purpose or number in an entry. */
  int MAX_TEXT_BYTES = 64 << 10;

  /** Most columns that one study can touch. */
  int MAX_COLUMNS = 100_000;

  /** Longest signed decision. */
  int MAX_DECISION_BYTES = 16 << 10;

  private static long count(byte[] bytes) {
    if (bytes.length != Long.BYTES) {
      throw Errors.badMessage("A ledger entry has a count that is none.");
    }
    return ByteBuffer.wrap(bytes).getLong();
  }

  private static Instant instant(Canonical.Reader in) {
    long second = in.u64();
    if (second < 0 || second > Instant.MAX.getEpochSecond()) {
      throw Errors.badMessage("A ledger entry has no time.");
    }
    return Instant.ofEpochSecond(second);
  }

  private static Rho rho(byte[] numerator, byte[] denominator) {
    if (numerator.length == 0 || denominator.length == 0) {
      throw Errors.badMessage("A ledger entry has no rho.");
    }
    BigInteger above = new BigInteger(numerator);
    BigInteger below = new BigInteger(denominator);
    if (above.signum() < 0 || below.signum() <= 0) {
      throw Errors.badMessage("A ledger entry has a rho that is no fraction of at least 0.");
    }
    return new Rho(above, below);
  }
}
