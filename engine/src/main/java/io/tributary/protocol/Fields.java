package io.tributary.protocol;

import io.tributary.codec.Canonical;
import io.tributary.codec.SiteSet;
import io.tributary.masking.RoundTerms;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.SiteId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Fields that the journals of both roles have in common, in canonical form (PROTOCOL.md 2.2). */
public final class Fields {
  private static final int ATTEMPT_BYTES = 8 + 4 + 4 + 1;

  private Fields() {}

  /** u64 epoch, u32 job, u32 step, u8 attempt. */
  public static byte[] attempt(AttemptId id) {
    return ByteBuffer.allocate(ATTEMPT_BYTES)
        .putLong(id.epoch())
        .putInt(id.job())
        .putInt(id.step())
        .put((byte) id.attempt())
        .array();
  }

  public static AttemptId attempt(Canonical.Reader in) {
    ByteBuffer field = ByteBuffer.wrap(in.exactly(ATTEMPT_BYTES));
    return new AttemptId(field.getLong(), field.getInt(), field.getInt(), field.get() & 0xff);
  }

  /** u32 job, u32 step. */
  public static byte[] step(StepId id) {
    return ByteBuffer.allocate(8).putInt(id.job()).putInt(id.step()).array();
  }

  public static StepId step(Canonical.Reader in) {
    ByteBuffer field = ByteBuffer.wrap(in.exactly(8));
    return new StepId(field.getInt(), field.getInt());
  }

  /** The round's terms after its attempt: n, participants and the five digests, as one object. */
  public static byte[] terms(RoundTerms terms) {
    return Canonical.enc(
        "round-terms/v1",
        Canonical.u32(terms.job()),
        Canonical.u32(terms.step()),
        Canonical.u8(terms.attempt()),
        sites(terms.participants()),
        terms.layout().bytes(),
        terms.broadcast().bytes(),
        terms.query().bytes(),
        terms.dp().bytes(),
        terms.previousTranscript().bytes());
  }

  public static RoundTerms terms(byte[] field) {
    Canonical.Reader in = Canonical.read(field, "round-terms/v1", 9);
    RoundTerms terms =
        new RoundTerms(
            in.u32(RoundTerms.MAX_JOBS),
            in.u32(RoundTerms.MAX_STEPS),
            in.u8(),
            sites(in),
            in.digest(),
            in.digest(),
            in.digest(),
            in.digest(),
            in.digest());
    in.end();
    return terms;
  }

  /** A set of sites by their ids, in byte order. */
  public static byte[] ids(Set<SiteId> sites) {
    return Canonical.list(
        sites.stream().sorted().map(site -> Canonical.utf8(site.value())).toList());
  }

  public static Set<SiteId> ids(Canonical.Reader in) {
    Set<SiteId> sites = new TreeSet<>();
    for (byte[] item : in.list(SiteSet.MAX_SITES, 32)) {
      sites.add(new SiteId(new String(item, StandardCharsets.US_ASCII)));
    }
    return sites;
  }

  /** u16 n, then the bitmap. */
  public static byte[] sites(SiteSet sites) {
    byte[] bitmap = sites.bitmap();
    return ByteBuffer.allocate(2 + bitmap.length)
        .putShort((short) sites.rosterSize())
        .put(bitmap)
        .array();
  }

  public static SiteSet sites(Canonical.Reader in) {
    ByteBuffer field = ByteBuffer.wrap(in.bytes(2 + SiteSet.MAX_SITES / 8));
    if (field.remaining() < 3) {
      throw Errors.badMessage("A record has no set of sites where one must be.");
    }
    int n = field.getShort() & 0xffff;
    byte[] bitmap = new byte[field.remaining()];
    field.get(bitmap);
    return SiteSet.ofBitmap(n, bitmap);
  }

  public static byte[] code(ErrorCode code) {
    return code.name().getBytes(StandardCharsets.US_ASCII);
  }

  public static ErrorCode code(Canonical.Reader in) {
    return code(in.text(64));
  }

  /** A code by its name. */
  public static ErrorCode code(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    throw Errors.badMessage("A record names a code that this version does not know.");
  }
}
