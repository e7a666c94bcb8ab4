package io.tributary.jobs.evidence;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * The container of a dossier: files in byte order of their names, stored without compression, all
 * of one time, so that the same files give the same bytes everywhere.
 */
final class DossierZip {
  /** All files together; studies exchange digests and states, no frames. */
  static final long MAX_BYTES = 512L << 20;

  /** Files of a dossier. */
  static final int MAX_FILES = 200_000;

  private static final Pattern NAME =
      Pattern.compile(
          "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,127}){0,15}");
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private DossierZip() {}

  static byte[] write(Map<String, byte[]> files) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : new TreeMap<>(files).entrySet()) {
        requireName(file.getKey());
        CRC32 crc = new CRC32();
        crc.update(file.getValue());
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(TIME);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(file.getValue().length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(file.getValue());
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("memory does not fail", e);
    }
    return out.toByteArray();
  }

  /**
   * Reads a container; nothing is written anywhere. EVIDENCE_BROKEN for a name out of form or
   * twice, for anything compressed, and beyond {@link #MAX_BYTES} or {@link #MAX_FILES}.
   */
  static SortedMap<String, byte[]> read(byte[] container) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(container))) {
      long total = 0;
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        requireName(entry.getName());
        if (entry.getMethod() != ZipEntry.STORED || files.size() == MAX_FILES) {
          throw broken("It holds something compressed, or too many files.");
        }
        long left = MAX_BYTES - total;
        byte[] content = zip.readNBytes((int) Math.min(left + 1, Integer.MAX_VALUE - 8));
        total += content.length;
        if (total > MAX_BYTES) {
          throw broken("It is too large.");
        }
        if (files.put(entry.getName(), content) != null) {
          throw broken("It holds '" + entry.getName() + "' twice.");
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      // The latter is what Java's reader throws for a name that is not UTF-8.
      throw broken("It is no ZIP file, or was damaged.");
    }
    if (files.isEmpty()) {
      throw broken("It is no ZIP file, or an empty one.");
    }
    return files;
  }

  private static void requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw broken("A file's name is out of form.");
    }
  }

  static RuntimeException broken(String why) {
    return Errors.protocol(
        ErrorCode.EVIDENCE_BROKEN,
        "The dossier does not verify.",
        why,
        "Ask its maker for another copy, and the other parties for theirs.");
  }
}
