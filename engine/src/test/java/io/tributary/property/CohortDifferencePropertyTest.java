package io.tributary.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.identity.FingerprintKey;
import io.tributary.ledger.CohortFingerprint;
import io.tributary.ledger.CohortFingerprint.Difference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The difference of two cohorts' fingerprints is the difference of the cohorts. */
class CohortDifferencePropertyTest {
  private static final FingerprintKey KEY = key();

  private static FingerprintKey key() {
    try {
      Path folder = Files.createTempDirectory("fingerprint");
      Path file = folder.resolve("key");
      FingerprintKey key = FingerprintKey.openOrCreate(file, new SecureRandom());
      Files.delete(file);
      Files.delete(folder);
      return key;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Persons 0 to 29, some of them, each with a value 0 to 2. */
  @Provide
  Arbitrary<Map<Byte, Byte>> cohorts() {
    return Arbitraries.maps(
            Arbitraries.bytes().between((byte) 0, (byte) 29),
            Arbitraries.bytes().between((byte) 0, (byte) 2))
        .ofMaxSize(30);
  }

  private static CohortFingerprint fingerprint(Map<Byte, Byte> cohort) {
    CohortFingerprint.Builder builder =
        new CohortFingerprint.Builder(KEY, "d", "patient", List.of("x"));
    cohort.forEach(
        (person, value) -> builder.row(new byte[] {person}, List.of(new byte[] {value})));
    return builder.build();
  }

  @Property(tries = 500)
  void theDifferenceIsExact(
      @ForAll("cohorts") Map<Byte, Byte> a, @ForAll("cohorts") Map<Byte, Byte> b) {
    Set<Byte> both = new HashSet<>(a.keySet());
    both.retainAll(b.keySet());
    long members = a.size() + b.size() - 2L * both.size();
    long changed = both.stream().filter(person -> !a.get(person).equals(b.get(person))).count();

    Difference difference = fingerprint(a).difference(fingerprint(b));

    assertThat(difference).isEqualTo(new Difference(members, List.of(changed)));
    assertThat(fingerprint(b).difference(fingerprint(a))).isEqualTo(difference);
    long affected = members + changed;
    assertThat(difference.isTooClose(5))
        .isEqualTo((members > 0 && members < 5) || (affected > 0 && affected < 5));
  }
}
