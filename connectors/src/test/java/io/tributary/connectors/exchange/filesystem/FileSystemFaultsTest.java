package io.tributary.connectors.exchange.filesystem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the user reads when the folder of an exchange fails, and that nothing is half-written. */
final class FileSystemFaultsTest {
  @TempDir private Path folder;

  private Exchange open(Path root) {
    return FileSystemExchange.open(root.toUri(), "north", Map.of(), MonotonicTime.SYSTEM);
  }

  private static List<Path> filesBelow(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  @Test
  void missingFolderIsNamedWithTheRemedy() {
    assertThatThrownBy(() -> open(folder.resolve("share")))
        .hasMessage(
            "EXCHANGE_FAILED: The exchange's folder "
                + folder.resolve("share")
                + " does not exist. The coordinator has not made it yet, the path is wrong, or its"
                + " file system is not mounted. Start the coordinator first, or correct the"
                + " exchange's folder in the configuration.");
  }

  @Test
  void fileInThePlaceOfTheFolderIsAMissingFolder() throws IOException {
    Path file = Files.createFile(folder.resolve("share"));
    assertThatThrownBy(() -> open(file)).hasMessageContaining("does not exist");
  }

  @Test
  void coordinatorMakesTheFolder() {
    Path made = folder.resolve("new/share");
    try (Exchange exchange =
        FileSystemExchange.create(made.toUri(), "coordinator", Map.of(), MonotonicTime.SYSTEM)) {
      exchange.put("a/1", new byte[1]);
    }
    assertThat(made.resolve("a/1")).isRegularFile();
  }

  @Test
  void folderGivenAsAPathIsLocal() {
    try (Exchange exchange =
        FileSystemExchange.open(
            URI.create(folder.toString()), "north", Map.of(), MonotonicTime.SYSTEM)) {
      exchange.put("a/1", new byte[1]);
    }
    assertThat(folder.resolve("a/1")).isRegularFile();
  }

  @Test
  void folderThatVanishesIsNamed() throws IOException {
    Path share = Files.createDirectory(folder.resolve("share"));
    Exchange exchange = open(share);
    Files.delete(share.resolve(".staging/north"));
    Files.delete(share.resolve(".staging"));
    Files.delete(share);
    assertThatThrownBy(() -> exchange.put("a/1", new byte[1]))
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> exchange.list("")).hasMessageContaining("does not exist");
    assertThat(share).doesNotExist();
  }

  /** For root, whom permissions do not bind, the folder is one of the kernel's. */
  @Test
  void folderThatIsNotWritableIsNamedWithTheRemedy() throws IOException {
    Path readOnly = Files.createDirectory(folder.resolve("share"));
    Files.setPosixFilePermissions(readOnly, PosixFilePermissions.fromString("r-xr-xr-x"));
    if (Files.isWritable(readOnly)) {
      readOnly = Path.of("/sys");
    }
    Path chosen = readOnly;
    assertThatThrownBy(() -> open(chosen))
        .isInstanceOf(TributaryException.class)
        .hasMessageStartingWith(
            "EXCHANGE_FAILED: The exchange's folder " + chosen + " cannot be written or read by")
        .hasMessageEndingWith(
            "Give this user the right to read and write the folder, or mount it writable.");
  }

  /** On a real small disk where this user may mount one, else on a volume that says it is full. */
  @Test
  void fullDiskIsNamedAndNothingIsHalfWritten() throws Exception {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString());
    try {
      FakeVolume fake = new FakeVolume();
      Exchange exchange =
          mounted ? open(disk) : new FileSystemExchange(fake, "share", MonotonicTime.SYSTEM);
      exchange.put("a/small", new byte[1_000]);
      fake.failure = new FileSystemException("x", null, "No space left on device");
      assertThatThrownBy(() -> exchange.put("a/large", new byte[2_000_000]))
          .hasMessageStartingWith("EXCHANGE_FAILED: The exchange's folder ")
          .hasMessageContaining("is full.")
          .hasMessageContaining("nothing was half-written")
          .hasMessageEndingWith(
              "Free space or raise the quota, then start the job again; it resumes where it"
                  + " stopped.");
      fake.failure = null;
      assertThat(exchange.list("")).containsExactly("a/small");
      assertThat(exchange.get("a/large")).isEmpty();
      exchange.put("a/later", new byte[2_000]);
      if (mounted) {
        assertThat(filesBelow(disk)).hasSize(2);
      }
    } finally {
      if (mounted) {
        assertThat(run("umount", disk.toString())).isTrue();
      }
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).inheritIO().start();
      return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void objectStoreIsRefusedWithTheReason() {
    assertThatThrownBy(
            () ->
                FileSystemExchange.open(
                    URI.create("s3a://bucket/x"), "north", Map.of(), MonotonicTime.SYSTEM))
        .hasMessage(
            "EXCHANGE_FAILED: The folder s3a://bucket/x cannot hold an exchange. A store of kind"
                + " 's3a' cannot rename in one step without replacing. Use a local or network"
                + " folder with hard links, HDFS, or the flight exchange.");
  }

  @Test
  void unknownFileSystemIsNamedWithoutItsPassword() {
    assertThatThrownBy(
            () ->
                FileSystemExchange.open(
                    URI.create("nope://user:secret@host:12/x"),
                    "north",
                    Map.of(),
                    MonotonicTime.SYSTEM))
        .isInstanceOf(TributaryException.class)
        .hasMessageContaining("The file system of nope://host:12/x cannot be opened")
        .hasMessageNotContaining("secret");
  }

  @Test
  void readerWritesNothing() throws IOException {
    try (Exchange exchange = open(folder)) {
      exchange.put("a/1", new byte[] {1});
    }
    List<Path> before = filesBelow(folder);
    try (Exchange reader =
        FileSystemExchange.openToRead(folder.toUri(), Map.of(), MonotonicTime.SYSTEM)) {
      assertThat(reader.get("a/1")).hasValue(new byte[] {1});
      assertThat(reader.list("a")).containsExactly("a/1");
      assertThatThrownBy(() -> reader.put("a/2", new byte[1]))
          .hasMessageContaining("cannot be written")
          .hasMessageContaining("it was opened for reading only");
      assertThatThrownBy(() -> reader.remove("a"))
          .hasMessageContaining("it was opened for reading only");
    }
    assertThat(filesBelow(folder)).isEqualTo(before);
    assertThatThrownBy(
            () ->
                FileSystemExchange.openToRead(
                    folder.resolve("none").toUri(), Map.of(), MonotonicTime.SYSTEM))
        .hasMessageContaining("does not exist");
  }

  @Test
  void ownerIsOneSegment() {
    for (String owner : List.of("", "..", "a/b", ".x")) {
      assertThatThrownBy(
              () -> FileSystemExchange.open(folder.toUri(), owner, Map.of(), MonotonicTime.SYSTEM))
          .isInstanceOf(TributaryException.class);
    }
  }

  @Test
  void unfinishedFilesAreInvisibleAndRemovedOnceStale() throws IOException {
    Instant twoHoursAgo = Instant.now().minus(Duration.ofHours(2));
    Path own = unfinished("north/left");
    Path young = unfinished("north/young");
    Path other = unfinished("south/left");
    Files.setLastModifiedTime(own, FileTime.from(twoHoursAgo));
    Files.setLastModifiedTime(other, FileTime.from(twoHoursAgo));
    try (Exchange exchange = open(folder)) {
      assertThat(exchange.list("")).isEmpty();
    }
    assertThat(own).doesNotExist();
    assertThat(young).exists();
    assertThat(other).exists();
  }

  private Path unfinished(String name) throws IOException {
    Path file = folder.resolve(".staging").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, new byte[] {1, 2, 3});
  }

  @Test
  void foreignFilesAreNoObjects() throws Exception {
    Files.createDirectory(folder.resolve("a"));
    Files.write(folder.resolve("a/.nfs0001"), new byte[1]);
    Files.write(folder.resolve("a/with blank"), new byte[1]);
    Files.write(
        folder.resolve("a/readme"), "not an object, but long enough to be one".getBytes(UTF_8));
    Files.createDirectories(folder.resolve("a/lost+found"));
    Files.write(folder.resolve("a/lost+found/x"), new byte[1]);
    Files.createSymbolicLink(folder.resolve("a/link"), Path.of("/etc/hostname"));
    Files.createSymbolicLink(folder.resolve("linked"), Path.of("/etc"));
    Exchange exchange = open(folder);
    assertThat(exchange.list("")).containsExactly("a/readme");
    assertThat(exchange.get("a/link")).isEmpty();
    assertThatThrownBy(() -> exchange.get("a/readme")).hasMessageContaining("BAD_FRAME");
    assertThatThrownBy(() -> exchange.put("linked/x", new byte[1]))
        .hasMessageContaining("EXCHANGE_CONFLICT");
    assertThatThrownBy(() -> exchange.put("a/link", new byte[1]))
        .hasMessageContaining("EXCHANGE_CONFLICT");
    assertThat(exchange.list("linked")).isEmpty();
  }

  @Test
  void fileThatIsTooLongIsDamaged() throws Exception {
    try (Exchange exchange = open(folder)) {
      exchange.put("a/1", new byte[10]);
      Files.write(folder.resolve("a/1"), new byte[StoredObject.MAX_STORED_BYTES + 100]);
      assertThatThrownBy(() -> exchange.get("a/1")).hasMessageContaining("BAD_FRAME");
    }
  }

  @Test
  void failureThatPassesIsTriedAgain() {
    FakeVolume fake = new FakeVolume();
    FakeTime time = new FakeTime();
    Exchange exchange = new FileSystemExchange(fake, "share", time);
    fake.failure = new IOException("stale file handle");
    fake.failuresLeft = 2;
    exchange.put("a/1", new byte[1]);
    assertThat(time.pausesMillis).containsExactly(50L, 200L);
    assertThat(exchange.get("a/1")).isPresent();
  }

  @Test
  void failureThatStaysEndsAfterBoundedRetries() {
    FakeVolume fake = new FakeVolume();
    FakeTime time = new FakeTime();
    Exchange exchange = new FileSystemExchange(fake, "share", time);
    fake.failure = new IOException("stale file handle");
    assertThatThrownBy(() -> exchange.put("a/1", new byte[1]))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.EXCHANGE_FAILED);
              assertThat(e.problem())
                  .isEqualTo("Object 'a/1' cannot be written. (stale file handle)");
            });
    assertThat(time.pausesMillis).containsExactly(50L, 200L, 800L);
  }

  /** The answer to a write was lost, but the write was done: the second attempt finds it. */
  @Test
  void lostAnswerIsNoConflict() {
    FakeVolume fake = new FakeVolume();
    fake.failure = new IOException("connection reset");
    fake.failuresLeft = 1;
    fake.failAfterWriting = true;
    Exchange exchange = new FileSystemExchange(fake, "share", new FakeTime());
    exchange.put("a/1", new byte[1]);
    assertThat(exchange.get("a/1")).hasValue(new byte[1]);
  }

  /** Short pauses at first, then an eighth of the time waited, at most 2 s. */
  @Test
  void awaitPollsWithBackOff() {
    FakeTime time = new FakeTime();
    Exchange exchange = new FileSystemExchange(new FakeVolume(), "share", time);
    assertThat(exchange.await("a", List.of(), Duration.ofSeconds(60))).isEmpty();
    assertThat(time.pausesMillis).startsWith(20L, 20L, 20L).contains(2_000L);
    assertThat(time.pausesMillis).allMatch(pause -> pause <= 2_000);
    assertThat(time.pausesMillis.stream().mapToLong(Long::longValue).sum())
        .isBetween(59_900L, 60_000L);
    assertThat(time.pausesMillis).hasSizeLessThan(80);
  }

  @Test
  void noPauseIsLongerThanTheConfiguredOne() {
    FakeTime time = new FakeTime();
    Exchange exchange =
        new FileSystemExchange(new FakeVolume(), "share", time, Duration.ofMillis(50));
    exchange.await("a", List.of(), Duration.ofSeconds(60));
    assertThat(time.pausesMillis).startsWith(20L, 20L).contains(50L);
    assertThat(time.pausesMillis).allMatch(pause -> pause <= 50);
  }

  /** Time that passes only in pauses. */
  private static final class FakeTime implements MonotonicTime {
    final List<Long> pausesMillis = new ArrayList<>();
    private long nanos;

    @Override
    public long nanos() {
      return nanos;
    }

    @Override
    public void pause(Duration length) {
      pausesMillis.add(length.toMillis());
      nanos += length.toNanos();
    }
  }

  /** A volume in memory that fails on demand. */
  private static final class FakeVolume implements Volume {
    private final Map<String, byte[]> files = new TreeMap<>();
    private IOException failure;
    private int failuresLeft = Integer.MAX_VALUE;
    private boolean failAfterWriting;

    @Override
    public boolean exists() {
      return true;
    }

    @Override
    public void create() {}

    @Override
    public void prepare() {}

    @Override
    public Optional<byte[]> read(String name, int maxBytes) {
      return Optional.ofNullable(files.get(name));
    }

    @Override
    public void write(String name, byte[] stored) throws IOException {
      if (!failAfterWriting) {
        failOnDemand();
      }
      if (files.putIfAbsent(name, stored) != null) {
        throw new FileAlreadyExistsException(name);
      }
      failOnDemand();
    }

    private void failOnDemand() throws IOException {
      if (failure != null && failuresLeft > 0) {
        failuresLeft--;
        throw failure;
      }
    }

    @Override
    public void sync(String name) {}

    @Override
    public List<String> list(String prefix, int maxNames) {
      return List.copyOf(files.keySet());
    }

    @Override
    public void remove(String prefix) {}

    @Override
    public void close() {}
  }
}
