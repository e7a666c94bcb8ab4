package io.tributary.connectors.exchange.flight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.connectors.exchange.flight.WireForm.StreamHead;
import io.tributary.exchange.MonotonicTime;
import io.tributary.study.SiteId;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Parts of uploads: resumed, taken over, bounded, forgotten. */
final class StagedUploadsTest {
  private static final SiteId NORTH = new SiteId("north");
  private static final SiteId SOUTH = new SiteId("south");

  private final Clockwork time = new Clockwork();
  private final byte[] object = new byte[3_000_000];
  private final Digest digest;
  private final StagedUploads uploads;

  StagedUploadsTest() {
    new java.util.Random(5).nextBytes(object);
    digest = Digest.sha256(object);
    ServerLimits defaults = ServerLimits.defaults();
    uploads =
        new StagedUploads(
            new ServerLimits(
                defaults.maxConnections(),
                defaults.maxStrangers(),
                defaults.maxConnectionsPerSite(),
                defaults.maxRefusalsTold(),
                defaults.handshake(),
                defaults.maxCallsPerSite(),
                defaults.maxWaitsPerSite(),
                defaults.maxStreamsPerSite(),
                7_000_000,
                10_000_000,
                defaults.maxPutsPerSite(),
                defaults.maxPutBytesPerSite(),
                defaults.longestWait(),
                defaults.stall(),
                defaults.streamDeadline(),
                defaults.arrowBytes()),
            time);
  }

  private StreamHead head(String name, int offset) {
    return new StreamHead(name, object.length, offset, digest);
  }

  private StagedUploads.Writing open(SiteId site, String name, int offset) {
    return uploads.open(site, head(name, offset)).orElseThrow();
  }

  @Test
  void partIsResumedWhereItEnds() {
    try (StagedUploads.Writing first = open(NORTH, "a", 0)) {
      first.append(Arrays.copyOfRange(object, 0, 1_000_000));
      first.append(Arrays.copyOfRange(object, 1_000_000, 1_700_000));
    }
    assertThat(uploads.staged(NORTH, "a", object.length, digest)).isEqualTo(1_700_000);
    assertThat(uploads.staged(SOUTH, "a", object.length, digest)).isZero();
    assertThat(uploads.staged(NORTH, "b", object.length, digest)).isZero();
    try (StagedUploads.Writing second = open(NORTH, "a", 1_700_000)) {
      second.append(Arrays.copyOfRange(object, 1_700_000, object.length));
      assertThat(second.isWhole()).isTrue();
      assertThat(second.take()).isEqualTo(object);
    }
    assertThat(uploads.staged(NORTH, "a", object.length, digest)).isZero();
  }

  @Test
  void otherBytesUnderTheNameStartAnew() {
    try (StagedUploads.Writing first = open(NORTH, "a", 0)) {
      first.append(new byte[100]);
    }
    assertThat(uploads.staged(NORTH, "a", object.length, Digest.ZERO)).isZero();
    assertThat(uploads.open(NORTH, new StreamHead("a", object.length, 100, Digest.ZERO))).isEmpty();
    assertThat(uploads.open(NORTH, head("a", 0))).isPresent();
  }

  @Test
  void writerThatWasTakenOverIsShutOut() {
    StagedUploads.Writing dead = open(NORTH, "a", 0);
    dead.append(Arrays.copyOfRange(object, 0, 1_000_000));
    assertThat(uploads.staged(NORTH, "a", object.length, digest)).isEqualTo(1_000_000);
    assertThatThrownBy(() -> dead.append(new byte[1])).hasMessageContaining("Another stream");
    StagedUploads.Writing alive = open(NORTH, "a", 1_000_000);
    dead.close();
    alive.append(Arrays.copyOfRange(object, 1_000_000, object.length));
    assertThatThrownBy(dead::take).hasMessageContaining("Another stream");
  }

  @Test
  void wrongOffsetMustAskAgain() {
    try (StagedUploads.Writing first = open(NORTH, "a", 0)) {
      first.append(new byte[100]);
    }
    assertThat(uploads.open(NORTH, head("a", 99))).isEmpty();
    assertThat(uploads.open(NORTH, head("a", 101))).isEmpty();
    assertThat(uploads.open(NORTH, head("b", 1))).isEmpty();
    assertThat(uploads.open(NORTH, head("a", 100))).isPresent();
  }

  @Test
  void wrongBytesAreFoundAndForgotten() {
    try (StagedUploads.Writing writing = open(NORTH, "a", 0)) {
      byte[] wrong = object.clone();
      wrong[5] ^= 1;
      writing.append(wrong);
      assertThatThrownBy(writing::take).hasMessageContaining("do not fit their digest");
    }
    assertThat(uploads.staged(NORTH, "a", object.length, digest)).isZero();
  }

  @Test
  void moreThanDeclaredIsRefused() {
    try (StagedUploads.Writing writing = open(NORTH, "a", 0)) {
      writing.append(new byte[object.length - 1]);
      assertThatThrownBy(() -> writing.append(new byte[2])).hasMessageContaining("longer");
    }
  }

  @Test
  void idlePartsMakeRoomAndBusyOnesDoNot() {
    StagedUploads.Writing first = open(NORTH, "a", 0);
    first.append(new byte[10]);
    time.nanos += 1;
    StagedUploads.Writing second = open(NORTH, "b", 0);
    second.append(new byte[20]);
    // 7 MB a site: a third has no room while both are written to.
    assertThat(uploads.open(NORTH, head("c", 0))).isEmpty();
    // 10 MB for all.
    StagedUploads.Writing other = open(SOUTH, "a", 0);
    assertThat(uploads.open(SOUTH, head("b", 0))).isEmpty();
    first.close();
    second.close();
    assertThat(uploads.open(NORTH, head("c", 0))).isPresent();
    assertThat(uploads.staged(NORTH, "a", object.length, digest)).isZero();
    assertThat(uploads.staged(NORTH, "b", object.length, digest)).isEqualTo(20);
    other.close();
  }

  @Test
  void oldPartsAreForgotten() {
    try (StagedUploads.Writing first = open(NORTH, "a", 0)) {
      first.append(new byte[10]);
    }
    time.nanos += StagedUploads.FORGET_AFTER.plusSeconds(1).toNanos();
    assertThat(uploads.open(NORTH, head("b", 0))).isPresent();
    assertThat(uploads.staged(NORTH, "a", object.length, digest)).isZero();
  }

  private static final class Clockwork implements MonotonicTime {
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void pause(Duration length) {
      nanos += length.toNanos();
    }
  }
}
