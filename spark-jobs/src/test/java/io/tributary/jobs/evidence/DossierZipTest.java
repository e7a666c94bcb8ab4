package io.tributary.jobs.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** A dossier comes from anybody: what it unpacks to is known before it is unpacked. */
class DossierZipTest {
  private static void refused(byte[] container, String why) {
    assertThatThrownBy(() -> DossierZip.read(container))
        .hasMessageContaining(why)
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.EVIDENCE_BROKEN));
  }

  @Test
  void whatIsWrittenReadsBackEqual() {
    byte[] container = DossierZip.write(Map.of("a/b", new byte[] {1}, "c", new byte[0]));
    assertThat(DossierZip.read(container)).containsOnlyKeys("a/b", "c");
  }

  /** A megabyte that would become a gigabyte. */
  @Test
  void aBombIsRefusedBeforeAnyOfItIsUnpacked() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("dossier.json"));
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 1024; i++) {
        zip.write(zeros);
      }
      zip.closeEntry();
    }
    assertThat(out.size()).isLessThan(2 << 20);
    refused(out.toByteArray(), "compressed");
  }

  @Test
  void namesThatLeadElsewhereAndNamesTwiceAreRefused() throws IOException {
    for (String name : new String[] {"../a", "/a", "a/../b", "a//b", ".a", "a\\b", "a/"}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(out)) {
        zip.setMethod(ZipOutputStream.STORED);
        ZipEntry entry = new ZipEntry(name);
        entry.setSize(0);
        entry.setCrc(0);
        zip.putNextEntry(entry);
        zip.closeEntry();
      }
      refused(out.toByteArray(), "name");
    }
    byte[] once = DossierZip.write(Map.of("a", new byte[] {7}));
    int end =
        new String(once, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("PK\u0001\u0002");
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    twice.write(once, 0, end);
    twice.writeBytes(once);
    refused(twice.toByteArray(), "twice");
  }
}
