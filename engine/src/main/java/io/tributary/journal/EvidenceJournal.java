package io.tributary.journal;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A party's evidence: what it was asked, which rule decided, what left and what came back, in the
 * file {@code STATE/evidence}. It is for people and is never pruned; what a restart needs stands in
 * the write-ahead journal beside it ({@link FileStateStore}).
 *
 * <pre>
 *   line    chain ' ' body digest ' ' body '\n'           digests as 64 hex digits
 *   body    one JSON object, see {@link EvidenceEntry}
 *   digest  SHA-256 of the body
 *   chain   H(evidence/v1, chain of the line before, digest); 32 zero bytes before the first
 * </pre>
 *
 * <p>The chain goes over digests, so that a line can be withheld from a reader ({@code -} in place
 * of its body) and the chain still be checked. A line cut short by a crash was never acknowledged
 * and is cut off before the next one. Several processes of a party (a site, and a steward's command
 * beside it) may append; they take turns under {@code STATE/evidence.lock}. Thread-safe.
 *
 * <p>Errors: EVIDENCE_BROKEN if a line is not what was written, STORAGE_FAILED if the disk is.
 */
public final class EvidenceJournal implements AutoCloseable {
  /** Name of the file in a party's state folder. */
  public static final String FILE = "evidence";

  /** What stands in place of a body that is withheld. */
  static final String WITHHELD = "-";

  /** A line holds at most a policy and a study's wishes. */
  static final int MAX_LINE_BYTES = 4 << 20;

  private static final int HEX = 2 * Digest.BYTES;
  private static final int SALT_BYTES = 16;

  /** Threads of this process that write one file take turns before processes do. */
  private static final Object PROCESS = new Object();

  private final Path file;
  private final String party;
  private final Clock clock;
  private final SecureRandom random;
  private final FileChannel lockFile;
  private final FileChannel channel;
  private final Map<Digest, Span> spans = new HashMap<>();
  private Head head = Head.NONE;
  private long end;

  /** Lines so far, and the chain after the last of them. */
  public record Head(long count, Digest chain) {
    static final Head NONE = new Head(0, Digest.ZERO);
  }

  /**
   * Where a study's lines stand, others' among them.
   *
   * @param before where the journal stood before the first of them
   * @param from its first byte
   * @param until after the last byte of the last of them
   */
  private record Span(Head before, long from, long until) {}

  /** Takes the lines of a journal in order. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * Takes one line.
     *
     * @param head with this line
     * @param entry empty where it is withheld
     */
    void line(Head head, Optional<EvidenceEntry> entry);
  }

  private EvidenceJournal(
      Path file,
      String party,
      Clock clock,
      SecureRandom random,
      FileChannel lockFile,
      FileChannel channel) {
    this.file = file;
    this.party = party;
    this.clock = clock;
    this.random = random;
    this.lockFile = lockFile;
    this.channel = channel;
  }

  /**
   * Opens or begins a party's journal, and checks its chain.
   *
   * @param state the party's state folder
   * @param role such as "site"
   * @param key the party's verifying key, in hex
   */
  @SuppressWarnings("resource") // The channels are the journal's own; close() closes them.
  public static EvidenceJournal open(
      Path state, String role, String party, String key, Clock clock, SecureRandom random) {
    Path file = state.resolve(FILE);
    try {
      Files.createDirectories(state);
      FileChannel lockFile =
          FileChannel.open(
              state.resolve(FILE + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      EvidenceJournal journal = new EvidenceJournal(file, party, clock, random, lockFile, channel);
      try {
        journal.begin(role, key);
      } catch (RuntimeException e) {
        journal.close();
        throw e;
      }
      return journal;
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private void begin(String role, String key) {
    synchronized (PROCESS) {
      try (FileLock lock = lockFile.lock()) {
        require(lock);
        catchUp();
        if (head.count() == 0) {
          write(
              Optional.empty(),
              EvidenceEvent.OPENED,
              Map.of("role", role, "party", party, "key", key));
          channel.force(true);
        }
      } catch (IOException e) {
        throw failed(file, e);
      }
    }
  }

  /** Appends a line; it is on disk when this returns. */
  public Head append(Optional<Digest> study, EvidenceEvent event, Map<String, String> details) {
    return append(study, event, details, true);
  }

  /** Appends a line that may be lost in a crash of the machine unless another one follows it. */
  public Head note(Optional<Digest> study, EvidenceEvent event, Map<String, String> details) {
    return append(study, event, details, false);
  }

  private Head append(
      Optional<Digest> study, EvidenceEvent event, Map<String, String> details, boolean force) {
    synchronized (PROCESS) {
      try (FileLock lock = lockFile.lock()) {
        require(lock);
        catchUp();
        write(study, event, details);
        if (force) {
          channel.force(false);
        }
        return head;
      } catch (IOException e) {
        throw failed(file, e);
      }
    }
  }

  /**
   * Signs where the journal stands, and writes that down as its next line.
   *
   * @param policy SHA-256 of the policy in force; zero where there is none
   */
  public Checkpoint checkpoint(Digest study, Digest policy, SigningIdentity identity) {
    synchronized (PROCESS) {
      try (FileLock lock = lockFile.lock()) {
        require(lock);
        catchUp();
        Checkpoint checkpoint = Checkpoint.sign(party, study, head, policy, identity);
        write(
            Optional.of(study),
            EvidenceEvent.CHECKPOINT,
            Map.of(
                "count",
                Long.toString(checkpoint.count()),
                "head",
                checkpoint.head().hex(),
                "signature",
                HexFormat.of().formatHex(checkpoint.signature().toArray()),
                EvidenceEntry.TEXT,
                HexFormat.of().formatHex(checkpoint.encode())));
        channel.force(false);
        return checkpoint;
      } catch (IOException e) {
        throw failed(file, e);
      }
    }
  }

  private static void require(FileLock lock) {
    if (!lock.isValid()) {
      throw new IllegalStateException("a lock that was taken is valid");
    }
  }

  private void write(Optional<Digest> study, EvidenceEvent event, Map<String, String> details)
      throws IOException {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    // Map.of has an order of its own; the sentence's would do as well, the alphabet is simplest.
    Map<String, String> ordered = new java.util.TreeMap<>(details);
    byte[] body =
        new EvidenceEntry(
                head.count() + 1,
                clock.instant(),
                party,
                HexFormat.of().formatHex(salt),
                event,
                study,
                ordered)
            .encode();
    Digest digest = Digest.sha256(body);
    Head next = new Head(head.count() + 1, link(head.chain(), digest));
    byte[] line = line(next.chain(), digest, body);
    if (line.length > MAX_LINE_BYTES) {
      throw new IllegalArgumentException("lineBytes=" + line.length);
    }
    ByteBuffer out = ByteBuffer.wrap(line);
    try {
      long at = end;
      while (out.hasRemaining()) {
        at += channel.write(out, at);
      }
    } catch (IOException e) {
      cutBack(e);
      throw e;
    }
    took(study, next, line.length);
  }

  /** The journal is longer by a line. */
  private void took(Optional<Digest> study, Head next, int bytes) {
    Span first = new Span(head, end, end + bytes);
    study.ifPresent(
        of ->
            spans.merge(
                of, first, (span, last) -> new Span(span.before(), span.from(), last.until())));
    head = next;
    end += bytes;
  }

  /** A full disk may leave half a line; it has to go before anything is appended again. */
  private void cutBack(IOException cause) {
    try {
      channel.truncate(end);
    } catch (IOException again) {
      cause.addSuppressed(again);
    }
  }

  /** Checks what another process has appended meanwhile; cuts off a line that a crash cut short. */
  private void catchUp() throws IOException {
    long size = channel.size();
    if (size < end) {
      throw broken(head.count(), "it has become shorter");
    }
    if (size == end) {
      return;
    }
    scan(
        new ChannelReader(channel, end, size),
        head,
        (line, bytes) -> took(line.entry().orElseThrow().study(), line.head(), bytes),
        Bodies.WHOLE);
    if (end < size) {
      channel.truncate(end);
      channel.force(true);
    }
  }

  /** Where the journal stands. */
  public Head head() {
    synchronized (PROCESS) {
      return head;
    }
  }

  /**
   * The lines of one study so far, in order. Those of earlier studies are not read again, however
   * many there are.
   */
  public List<EvidenceEntry> of(Digest study) {
    synchronized (PROCESS) {
      try (FileLock lock = lockFile.lock()) {
        require(lock);
        catchUp();
        Span span = spans.get(study);
        List<EvidenceEntry> lines = new ArrayList<>();
        if (span != null) {
          scan(
              new ChannelReader(channel, span.from(), span.until()),
              span.before(),
              (line, bytes) ->
                  line.entry()
                      .filter(entry -> entry.study().equals(Optional.of(study)))
                      .ifPresent(lines::add),
              Bodies.WHOLE);
        }
        return lines;
      } catch (IOException e) {
        throw failed(file, e);
      }
    }
  }

  // ---- reading
  // -----------------------------------------------------------------------------------

  /** Whether lines may be withheld. */
  public enum Bodies {
    WHOLE,
    SOME_WITHHELD
  }

  /**
   * What was read.
   *
   * @param head after the last whole line
   * @param torn bytes after it
   */
  private record Scan(Head head, long torn) {}

  /** Takes lines with their length. */
  @FunctionalInterface
  private interface Lines {
    void line(Parsed line, int bytes);

    static Lines of(Visitor visitor) {
      return (line, bytes) -> visitor.line(line.head(), line.entry());
    }
  }

  /**
   * Reads a party's journal while it may be written, and checks its chain; a line that is not whole
   * yet is left out.
   *
   * @param state the party's state folder
   * @return where it stands
   */
  public static Head read(Path state, Visitor visitor) {
    Path file = state.resolve(FILE);
    try (InputStream in = Files.newInputStream(file)) {
      return scan(in, Head.NONE, Lines.of(visitor), Bodies.WHOLE).head();
    } catch (IOException e) {
      throw Errors.invalid(
          ErrorCode.USAGE,
          file.toString(),
          "is no evidence journal that can be read.",
          "Name the 'state' folder of the party's configuration.");
    }
  }

  /** Reads journal lines from memory; EVIDENCE_BROKEN also for an unfinished last line. */
  public static Head read(byte[] lines, Bodies bodies, Visitor visitor) {
    try {
      Scan scan =
          scan(new java.io.ByteArrayInputStream(lines), Head.NONE, Lines.of(visitor), bodies);
      if (scan.torn() > 0) {
        throw broken(scan.head().count(), "its last line is not whole");
      }
      return scan.head();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("memory does not fail", e);
    }
  }

  private static Scan scan(InputStream in, Head from, Lines visitor, Bodies bodies)
      throws IOException {
    Head head = from;
    LineReader lines = new LineReader(in);
    for (byte[] line = lines.next(head); line != null; line = lines.next(head)) {
      Parsed parsed = parse(line, head, bodies);
      head = parsed.head();
      visitor.line(parsed, line.length + 1);
    }
    return new Scan(head, lines.torn());
  }

  private record Parsed(Head head, Optional<EvidenceEntry> entry) {}

  private static Parsed parse(byte[] line, Head before, Bodies bodies) {
    if (line.length < 2 * HEX + 3 || line[HEX] != ' ' || line[2 * HEX + 1] != ' ') {
      throw broken(before.count(), "line " + (before.count() + 1) + " is out of form");
    }
    Digest chain = Digest.ofHex(ascii(line, 0, HEX));
    Digest digest = Digest.ofHex(ascii(line, HEX + 1, HEX));
    Head head = new Head(before.count() + 1, link(before.chain(), digest));
    if (!head.chain().equals(chain)) {
      throw broken(
          before.count(), "line " + head.count() + " does not follow from the one before it");
    }
    byte[] body = java.util.Arrays.copyOfRange(line, 2 * HEX + 2, line.length);
    if (bodies == Bodies.SOME_WITHHELD
        && new String(body, StandardCharsets.US_ASCII).equals(WITHHELD)) {
      return new Parsed(head, Optional.empty());
    }
    if (!Digest.sha256(body).equals(digest)) {
      throw broken(before.count(), "line " + head.count() + " was changed");
    }
    EvidenceEntry entry = EvidenceEntry.decode(body);
    if (entry.number() != head.count()) {
      throw broken(before.count(), "line " + head.count() + " bears another number");
    }
    return new Parsed(head, Optional.of(entry));
  }

  private static String ascii(byte[] line, int from, int length) {
    String text = new String(line, from, length, StandardCharsets.US_ASCII);
    if (!text.matches("[0-9a-f]{64}")) {
      throw broken(0, "a line does not begin with two digests");
    }
    return text;
  }

  /** One line as it is kept. */
  static byte[] line(Digest chain, Digest digest, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(2 * HEX + 3 + body.length);
    out.writeBytes(Canonical.utf8(chain.hex() + " " + digest.hex() + " "));
    out.writeBytes(body);
    out.write('\n');
    return out.toByteArray();
  }

  /** A line as it is shown to whom it does not concern. */
  static byte[] withheld(Digest chain, Digest digest) {
    return line(chain, digest, Canonical.utf8(WITHHELD));
  }

  /**
   * The journal with the bodies of other studies withheld.
   *
   * @param state the party's state folder
   * @param study whose lines are kept, beside those that belong to no study
   * @param until lines up to this head; later ones are left out
   */
  public static byte[] excerpt(Path state, Digest study, Head until) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    read(
        state,
        (head, line) -> {
          if (head.count() <= until.count()) {
            EvidenceEntry entry = line.orElseThrow();
            byte[] body = entry.encode();
            boolean shown = entry.study().map(study::equals).orElse(true);
            out.writeBytes(
                shown
                    ? line(head.chain(), Digest.sha256(body), body)
                    : withheld(head.chain(), Digest.sha256(body)));
          }
        });
    return out.toByteArray();
  }

  private static Digest link(Digest before, Digest body) {
    return Canonical.hash("evidence/v1", before.bytes(), body.bytes());
  }

  /** Gives lines without their ends. */
  private static final class LineReader {
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final byte[] chunk = new byte[1 << 16];
    private int at;
    private int filled;

    LineReader(InputStream in) {
      this.in = in;
    }

    /** The next whole line, or null. */
    byte[] next(Head before) throws IOException {
      while (true) {
        if (at == filled) {
          filled = in.read(chunk);
          at = 0;
          if (filled < 0) {
            filled = 0;
            return null;
          }
        }
        int from = at;
        while (at < filled && chunk[at] != '\n') {
          at++;
        }
        line.write(chunk, from, at - from);
        if (line.size() > MAX_LINE_BYTES) {
          throw broken(before.count(), "line " + (before.count() + 1) + " is too long");
        }
        if (at < filled) {
          at++;
          byte[] whole = line.toByteArray();
          line.reset();
          return whole;
        }
      }
    }

    long torn() {
      return line.size();
    }
  }

  /** Reads a part of a channel without moving it. */
  private static final class ChannelReader extends InputStream {
    private final FileChannel channel;
    private final long until;
    private long at;

    ChannelReader(FileChannel channel, long from, long until) {
      this.channel = channel;
      this.at = from;
      this.until = until;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (at == until) {
        return -1;
      }
      int most = (int) Math.min(length, until - at);
      int count = channel.read(ByteBuffer.wrap(into, offset, most), at);
      at += Math.max(count, 0);
      return count;
    }
  }

  private static RuntimeException broken(long good, String why) {
    return Errors.protocol(
        ErrorCode.EVIDENCE_BROKEN,
        "The evidence journal is broken after line " + good + ": " + why + ".",
        "Somebody changed the file, or the disk did.",
        "Keep the file; compare it with a backup and with the others' copies of its checkpoints.");
  }

  private static RuntimeException failed(Path file, IOException cause) {
    return Errors.storageFailed(
        "The evidence journal " + file + " cannot be used: " + cause.getMessage() + ".",
        "Free space on the disk or mend its permissions, then start again; nothing has left.",
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
      lockFile.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  @Override
  public String toString() {
    return "EvidenceJournal[" + party + ", " + head().count() + " lines]";
  }
}
