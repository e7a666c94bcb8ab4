package io.tributary.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class CanonicalTest {
  @Test
  void lengthsAreBigEndianAndStandBeforeEverything() {
    byte[] object = Canonical.enc("a", new byte[] {7}, new byte[0]);

    assertThat(object)
        .isEqualTo(
            concat(
                new byte[] {0, 0, 0, 11},
                "tributary/a".getBytes(StandardCharsets.US_ASCII),
                new byte[] {0, 0, 0, 1, 7, 0, 0, 0, 0}));
  }

  @Test
  void hashIsSha256OfTheEncoding() {
    byte[] field = {1, 2, 3};

    assertThat(Canonical.hash("x/v1", field))
        .isEqualTo(Digest.sha256(Canonical.enc("x/v1", field)));
  }

  @Test
  void movingABoundaryBetweenFieldsChangesTheObject() {
    assertThat(Canonical.enc("x/v1", new byte[] {1, 2}, new byte[] {3}))
        .isNotEqualTo(Canonical.enc("x/v1", new byte[] {1}, new byte[] {2, 3}));
  }

  @Test
  void everyKindOfFieldIsReadBack() {
    SiteSet sites = SiteSet.of(9, 0, 8);
    byte[] object =
        Canonical.enc(
            "all/v1",
            Canonical.u8(255),
            Canonical.u16(65535),
            Canonical.u32(0xffff_ffffL),
            Canonical.u64(-1),
            Digest.ZERO.bytes(),
            Canonical.utf8("Überlingen"),
            Canonical.bitmap(sites),
            Canonical.list(List.of(new byte[] {1}, new byte[0])),
            Canonical.digests(List.of(Digest.ZERO)));

    Canonical.Reader in = Canonical.read(object, "all/v1", 9);

    assertThat(Canonical.labelOf(object)).isEqualTo("all/v1");
    assertThat(in.u8()).isEqualTo(255);
    assertThat(in.u16()).isEqualTo(65535);
    assertThat(in.u32()).isEqualTo(0xffff_ffffL);
    assertThat(in.u64()).isEqualTo(-1);
    assertThat(in.digest()).isEqualTo(Digest.ZERO);
    assertThat(in.text(20)).isEqualTo("Überlingen");
    assertThat(in.sites(9)).isEqualTo(sites);
    assertThat(in.list(2, 1)).containsExactly(new byte[] {1}, new byte[0]);
    assertThat(in.digests(1)).containsExactly(Digest.ZERO);
    in.end();
  }

  @Test
  void fieldsOutOfFormAreRefused() {
    assertRefused(() -> reader(new byte[2]).u8());
    assertRefused(() -> reader(new byte[3]).u16());
    assertRefused(() -> reader(new byte[0]).u32());
    assertRefused(() -> reader(Canonical.u32(11)).u32(10));
    assertRefused(() -> reader(new byte[4]).u64());
    assertRefused(() -> reader(new byte[31]).digest());
    assertRefused(() -> reader(new byte[5]).bytes(4));
    assertRefused(() -> reader(new byte[5]).exactly(4));
    assertRefused(() -> reader(new byte[] {(byte) 0xc3}).text(9));
    assertRefused(() -> reader(new byte[] {(byte) 0xc0, (byte) 0x80}).text(9));
    assertRefused(() -> reader(new byte[] {0, 2}).sites(9));
    assertRefused(() -> reader(Canonical.list(List.of(new byte[2]))).list(1, 1));
    assertRefused(() -> reader(Canonical.list(List.of(new byte[1], new byte[1]))).list(1, 1));
  }

  @Test
  void leavingAFieldUnreadIsADefectOfTheReader() {
    Canonical.Reader in = reader(new byte[1]);

    assertThatThrownBy(in::end).isInstanceOf(IllegalStateException.class);
    in.u8();
    in.end();
    assertThatThrownBy(in::u8).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void labelsMustBePrintableAndPrefixed() {
    assertRefused(() -> Canonical.labelOf(new byte[] {0, 0, 0, 0}));
    assertRefused(() -> Canonical.labelOf(named("tributary/")));
    assertRefused(() -> Canonical.labelOf(named("tributary/a\n")));
    assertRefused(() -> Canonical.labelOf(named("other/a")));
    assertRefused(() -> Canonical.labelOf(named("tributary/" + "a".repeat(60))));
    assertThatThrownBy(() -> Canonical.enc("")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void numbersOutsideTheirWidthAreNotWritten() {
    assertThatThrownBy(() -> Canonical.u8(256)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Canonical.u16(-1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Canonical.u32(1L << 32)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Canonical.Reader reader(byte[] field) {
    return Canonical.read(Canonical.enc("one/v1", field), "one/v1", 1);
  }

  private static byte[] named(String label) {
    byte[] name = label.getBytes(StandardCharsets.US_ASCII);
    return concat(Canonical.u32(name.length), name);
  }

  private static void assertRefused(ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }

  private static byte[] concat(byte[]... parts) {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
