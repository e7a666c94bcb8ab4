package io.tributary.journal;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An append-only file of records, each chained to all before it.
 *
 * <pre>
 *   bytes 0..3      u32 big-endian, length L of the record
 *   bytes 4..35     digest of the study it belongs to
 *   bytes 36..      the record, L bytes
 *   then            chain: H(journal/v1, chain of the record before, study, record), 32 bytes
 * </pre>
 *
 * The chain begins with 32 zero bytes. A crash while appending leaves a record short; it was never
 * acknowledged, so it is cut off at the next start. A whole record whose chain is wrong means that
 * somebody changed the file: STATE_ROLLED_BACK. Not thread-safe.
 */
public final class JournalFile implements AutoCloseable {
  /** A record holds digests, ids and sealed messages of one attempt of at most 256 sites. */
  public static final int MAX_RECORD_BYTES = 32 << 20;

  private static final int HEADER_BYTES = 4 + Digest.BYTES;

  private final Path file;
  private final FileChannel channel;
  private final List<Long> ends = new ArrayList<>();
  private final List<Digest> chains = new ArrayList<>();

  /** How many records stand before the first one of a study. */
  private final Map<Digest, Integer> firsts = new HashMap<>();

  /** Takes one record. */
  @FunctionalInterface
  public interface Visitor {
    void record(Digest study, byte[] record);
  }

  /** Opens or makes the file, checks the whole chain, cuts off a torn end. */
  public JournalFile(Path file) {
    this.file = file;
    try {
      this.channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      long good = scan(0, (study, record) -> {}, true);
      if (good < channel.size()) {
        channel.truncate(good);
        channel.force(true);
      }
      channel.position(good);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Reads a file that another process may be writing; a record that is not whole yet is left out.
   */
  public static void read(Path file, Visitor visitor) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      new JournalFile(file, channel).scan(0, visitor, false);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private JournalFile(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Records so far. */
  public long count() {
    return chains.size();
  }

  /** Chain value after the first {@code count} records. */
  public Digest chain(long count) {
    return count == 0 ? Digest.ZERO : chains.get(Math.toIntExact(count - 1));
  }

  /** Appends a record; it is on the disk when this returns. */
  public void append(Digest study, byte[] record) {
    if (record.length > MAX_RECORD_BYTES) {
      throw new IllegalArgumentException("recordBytes=" + record.length);
    }
    Digest next = link(chain(count()), study, record);
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + record.length + Digest.BYTES);
    out.putInt(record.length).put(study.bytes()).put(record).put(next.bytes()).flip();
    long before = end(chains.size());
    try {
      channel.position(before);
      while (out.hasRemaining()) {
        channel.write(out);
      }
      channel.force(false);
    } catch (IOException e) {
      cutBackTo(before, e);
      throw failed(e);
    }
    took(study, next, before + out.limit());
  }

  private void took(Digest study, Digest chain, long end) {
    firsts.putIfAbsent(study, chains.size());
    ends.add(end);
    chains.add(chain);
  }

  /** A full disk may leave half a record; it has to go before anything is appended again. */
  private void cutBackTo(long size, IOException cause) {
    try {
      channel.truncate(size);
    } catch (IOException again) {
      cause.addSuppressed(again);
    }
  }

  /** Gives every record since the beginning. */
  public void replay(Visitor visitor) {
    replay(0, visitor);
  }

  /** Gives every record of one study; those before its first one are not read. */
  public void replay(Digest study, Visitor visitor) {
    Integer first = firsts.get(study);
    if (first != null) {
      replay(
          first,
          (owner, record) -> {
            if (owner.equals(study)) {
              visitor.record(owner, record);
            }
          });
    }
  }

  private void replay(int before, Visitor visitor) {
    try {
      scan(before, visitor, false);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Where the first {@code count} records end. */
  private long end(int count) {
    return count == 0 ? 0 : ends.get(count - 1);
  }

  /**
   * Reads on after the first {@code before} records; gives where the last whole record ends.
   *
   * @param remember whether the records are new to this object
   */
  private long scan(int before, Visitor visitor, boolean remember) throws IOException {
    long at = end(before);
    long size = channel.size();
    Digest chain = chain(before);
    while (size - at >= HEADER_BYTES) {
      ByteBuffer header = read(at, HEADER_BYTES);
      int length = header.getInt();
      if (length < 0 || length > MAX_RECORD_BYTES) {
        throw damaged(at);
      }
      long end = at + HEADER_BYTES + length + Digest.BYTES;
      if (end > size) {
        break;
      }
      byte[] study = new byte[Digest.BYTES];
      header.get(study);
      ByteBuffer rest = read(at + HEADER_BYTES, length + Digest.BYTES);
      byte[] record = new byte[length];
      byte[] found = new byte[Digest.BYTES];
      rest.get(record).get(found);
      Digest of = Digest.of(study);
      chain = link(chain, of, record);
      if (!chain.equals(Digest.of(found))) {
        throw damaged(at);
      }
      if (remember) {
        took(of, chain, end);
      }
      visitor.record(of, record);
      at = end;
    }
    return at;
  }

  private ByteBuffer read(long at, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new IOException("file ends at byte " + (at + buffer.position()));
      }
    }
    return buffer.flip();
  }

  private static Digest link(Digest before, Digest study, byte[] record) {
    return Canonical.hash("journal/v1", before.bytes(), study.bytes(), record);
  }

  private RuntimeException damaged(long at) {
    return Errors.protocol(
        ErrorCode.STATE_ROLLED_BACK,
        "The journal " + file + " is broken at byte " + at + ".",
        "A record there is not the one that was written.",
        "Keep the file as evidence; restore the whole state folder, or take part anew.");
  }

  private RuntimeException failed(IOException cause) {
    return failed(file, cause);
  }

  private static RuntimeException failed(Path file, IOException cause) {
    return Errors.storageFailed(
        "The journal " + file + " cannot be used: " + cause.getMessage() + ".",
        "Free space on the disk or mend its permissions, then start again; nothing is lost.",
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
