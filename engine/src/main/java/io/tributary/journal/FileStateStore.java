package io.tributary.journal;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.identity.StoreKey;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.StepId;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A role's state in one folder.
 *
 * <pre>
 *   FOLDER/lock                   held while a process uses the folder
 *   FOLDER/store.key              key of the secrets, owner only
 *   FOLDER/journal                {@link JournalFile} over all studies
 *   FOLDER/secrets/STUDY          sealed: enc(secrets/v1, generation u64, journal count u64, chain, plaintext)
 *   FOLDER/words/STUDY/J-R/F      words of frame F of a sum, little-endian, SHA-256 before them
 * </pre>
 *
 * <p>Each file of secrets names the journal's head when it was written, and the journal names the
 * SHA-256 of each file of secrets, so neither can be restored alone: STATE_ROLLED_BACK (PROTOCOL.md
 * 2.8, Rollback). A crash between the two writes leaves a file that is one generation ahead of the
 * journal and names its present head; that one is accepted.
 */
public final class FileStateStore implements StateStore {
  private static final String SECRETS_LABEL = "secrets/v1";
  private static final String SECRETS_RECORD = "secrets-replaced/v1";
  private static final int MAX_SECRET_BYTES = 64 << 20;

  private final Path folder;
  private final StoreKey key;
  private final SecureRandom random;
  private final FolderLock lock;
  private final JournalFile journal;
  private final Map<Digest, Generation> generations = new HashMap<>();

  /** The newest file of secrets of a study, as the journal knows it. */
  private record Generation(long number, Digest file) {}

  private FileStateStore(
      Path folder, StoreKey key, SecureRandom random, FolderLock lock, JournalFile journal) {
    this.folder = folder;
    this.key = key;
    this.random = random;
    this.lock = lock;
    this.journal = journal;
  }

  /**
   * Opens or makes a folder, and checks that journal and secrets belong together.
   *
   * @param random for nonces and, the first time, the store's key
   */
  public static FileStateStore open(Path folder, SecureRandom random) {
    try {
      Files.createDirectories(folder.resolve("secrets"));
      FolderLock lock = FolderLock.take(folder);
      try {
        StoreKey key = StoreKey.openOrCreate(folder.resolve("store.key"), random);
        FileStateStore store =
            new FileStateStore(
                folder, key, random, lock, new JournalFile(folder.resolve("journal")));
        forceFolder(folder);
        store.check();
        return store;
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw Errors.storageFailed(
          "The state folder " + folder + " cannot be used: " + e.getMessage() + ".",
          "Mend its permissions, or name another folder under 'state'.",
          e);
    }
  }

  /** The records of a folder that another process may be using; their chain is checked. */
  public static void read(Path folder, Reader reader) {
    Path file = folder.resolve("journal");
    if (Files.exists(file)) {
      JournalFile.read(
          file,
          (study, record) -> {
            if (!isSecretsRecord(record)) {
              reader.record(study, record);
            }
          });
    }
  }

  private void check() {
    journal.replay(
        (study, record) -> {
          if (isSecretsRecord(record)) {
            generations.put(study, generation(record));
          }
        });
    for (Path file : secretFiles()) {
      Digest study = Digest.ofHex(file.getFileName().toString());
      byte[] sealed = read(file).orElseThrow(() -> rolledBack("A file of secrets is gone."));
      Digest found = Digest.sha256(sealed);
      Generation known = generations.getOrDefault(study, new Generation(0, Digest.ZERO));
      if (!found.equals(known.file())) {
        accept(study, sealed, found, known);
      }
    }
    for (Digest study : generations.keySet()) {
      if (!Files.exists(secretsFile(study))) {
        throw rolledBack("The journal names a file of secrets that is gone.");
      }
    }
  }

  /** A file that the journal does not name yet: written just before a crash, or restored. */
  private void accept(Digest study, byte[] sealed, Digest found, Generation known) {
    Content content = open(study, sealed);
    Arrays.fill(content.plaintext, (byte) 0);
    boolean next = content.generation == known.number() + 1;
    boolean atHead =
        content.count == journal.count() && content.chain.equals(journal.chain(content.count));
    if (!next || !atHead) {
      throw rolledBack("The journal and a file of secrets are of different times.");
    }
    record(study, new Generation(content.generation, found));
  }

  private static RuntimeException rolledBack(String problem) {
    return Errors.protocol(
        ErrorCode.STATE_ROLLED_BACK,
        problem,
        "One of them was restored from a backup without the other.",
        "Restore the whole state folder as it last was; else remove it and take part anew.");
  }

  @Override
  public synchronized void replay(Reader reader) {
    journal.replay(ofProtocol(reader));
  }

  @Override
  public synchronized void replay(Digest study, Reader reader) {
    journal.replay(study, ofProtocol(reader));
  }

  private static JournalFile.Visitor ofProtocol(Reader reader) {
    return (study, record) -> {
      if (!isSecretsRecord(record)) {
        reader.record(study, record);
      }
    };
  }

  @Override
  public synchronized void append(Digest study, byte[] record) {
    journal.append(study, record);
  }

  @Override
  public synchronized Optional<byte[]> secrets(Digest study) {
    return read(secretsFile(study)).map(stored -> open(study, stored).plaintext);
  }

  @Override
  public synchronized void replaceSecrets(Digest study, byte[] plaintext) {
    if (plaintext.length > MAX_SECRET_BYTES) {
      throw new IllegalArgumentException("secretBytes=" + plaintext.length);
    }
    long generation = generations.getOrDefault(study, new Generation(0, Digest.ZERO)).number() + 1;
    byte[] content =
        Canonical.enc(
            SECRETS_LABEL,
            Canonical.u64(generation),
            Canonical.u64(journal.count()),
            journal.chain(journal.count()).bytes(),
            plaintext);
    byte[] sealed = key.seal(content, study.bytes(), random);
    Arrays.fill(content, (byte) 0);
    replace(secretsFile(study), List.of(ByteBuffer.wrap(sealed)));
    record(study, new Generation(generation, Digest.sha256(sealed)));
  }

  private void record(Digest study, Generation generation) {
    journal.append(
        study,
        Canonical.enc(
            SECRETS_RECORD, Canonical.u64(generation.number()), generation.file().bytes()));
    generations.put(study, generation);
  }

  private static boolean isSecretsRecord(byte[] record) {
    return Canonical.labelOf(record).equals(SECRETS_RECORD);
  }

  private static Generation generation(byte[] record) {
    Canonical.Reader in = Canonical.read(record, SECRETS_RECORD, 2);
    Generation generation = new Generation(in.u64(), in.digest());
    in.end();
    return generation;
  }

  private Content open(Digest study, byte[] sealed) {
    byte[] content = key.open(sealed, study.bytes());
    Canonical.Reader in = Canonical.read(content, SECRETS_LABEL, 4);
    Content opened = new Content(in.u64(), in.u64(), in.digest(), in.bytes(MAX_SECRET_BYTES));
    in.end();
    Arrays.fill(content, (byte) 0);
    return opened;
  }

  /** A file of secrets, opened. */
  private static final class Content {
    private final long generation;
    private final long count;
    private final Digest chain;
    private final byte[] plaintext;

    private Content(long generation, long count, Digest chain, byte[] plaintext) {
      this.generation = generation;
      this.count = count;
      this.chain = chain;
      this.plaintext = plaintext;
    }
  }

  // ---- words of sums
  // -----------------------------------------------------------------------------

  @Override
  public synchronized void putWords(Digest study, StepId step, int frame, long[] words) {
    byte[] bytes = new byte[Math.multiplyExact(words.length, Long.BYTES)];
    ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).asLongBuffer().put(words);
    Path file = wordsFile(study, step, frame);
    try {
      Files.createDirectories(file.getParent());
    } catch (IOException e) {
      throw failed(file, e);
    }
    replace(file, List.of(ByteBuffer.wrap(Digest.sha256(bytes).bytes()), ByteBuffer.wrap(bytes)));
  }

  @Override
  public synchronized Optional<long[]> words(Digest study, StepId step, int frame) {
    Path file = wordsFile(study, step, frame);
    return read(file)
        .map(
            bytes -> {
              int size = bytes.length - Digest.BYTES;
              if (size < 0 || size % Long.BYTES != 0) {
                throw rolledBack("A stored sum has the wrong length.");
              }
              byte[] content = Arrays.copyOfRange(bytes, Digest.BYTES, bytes.length);
              Digest stored = Digest.of(Arrays.copyOf(bytes, Digest.BYTES));
              if (!stored.equals(Digest.sha256(content))) {
                throw rolledBack("A stored sum was changed on disk.");
              }
              long[] words = new long[size / Long.BYTES];
              ByteBuffer.wrap(content)
                  .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                  .asLongBuffer()
                  .get(words);
              return words;
            });
  }

  @Override
  public synchronized void removeWords(Digest study, StepId step) {
    Path sums = wordsFile(study, step, 0).getParent();
    if (!Files.isDirectory(sums)) {
      return;
    }
    try (var files = Files.list(sums)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(sums);
    } catch (IOException e) {
      throw failed(sums, e);
    }
  }

  private Path wordsFile(Digest study, StepId step, int frame) {
    return folder
        .resolve("words")
        .resolve(study.hex())
        .resolve(step.job() + "-" + step.step())
        .resolve(Integer.toString(frame));
  }

  // ---- files
  // -------------------------------------------------------------------------------------

  private Path secretsFile(Digest study) {
    return folder.resolve("secrets").resolve(study.hex());
  }

  private List<Path> secretFiles() {
    Path secrets = folder.resolve("secrets");
    try (var files = Files.list(secrets)) {
      List<Path> found = files.sorted().toList();
      for (Path file : found) {
        if (file.getFileName().toString().endsWith(".new")) {
          Files.delete(file);
        }
      }
      return found.stream()
          .filter(file -> !file.getFileName().toString().endsWith(".new"))
          .toList();
    } catch (IOException e) {
      throw failed(secrets, e);
    }
  }

  private static Optional<byte[]> read(Path file) {
    try {
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Temporary file, force, rename, force the folder: a reader sees the old or the new content. */
  private static void replace(Path file, List<ByteBuffer> content) {
    Path temporary = file.resolveSibling(file.getFileName() + ".new");
    try {
      try (FileChannel out =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        for (ByteBuffer part : content) {
          while (part.hasRemaining()) {
            out.write(part);
          }
        }
        out.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      forceFolder(file.getParent());
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static void forceFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static RuntimeException failed(Path file, IOException cause) {
    return Errors.storageFailed(
        "The file " + file + " cannot be used: " + cause.getMessage() + ".",
        "Free space on the disk or mend its permissions, then start again; nothing is lost.",
        cause);
  }

  @Override
  public synchronized void close() {
    journal.close();
    key.destroy();
    lock.close();
  }

  @Override
  public String toString() {
    return "FileStateStore[" + folder + "]";
  }
}
