package io.tributary.connectors.exchange.filesystem;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.ObjectName;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.security.AccessControlException;

/**
 * An exchange in a folder that all parties reach by a path or a Hadoop URI. Who may read and write
 * there is for the file system's permissions to say; the objects themselves are signed.
 *
 * <p>An object is one file of the object's name below the folder, in the form of {@link
 * StoredObject}. It is written to {@code .staging/<owner>/}, forced to disk, and then appears under
 * its name in one step that fails if the name is taken. A process that dies in between leaves a
 * file in its own staging folder, which its next start removes once it is {@link #STALE_AFTER} old.
 *
 * <p>Errors: EXCHANGE_FAILED with the remedy for a folder that is missing, not writable or full,
 * and for a medium that still fails after {@link #ATTEMPTS} attempts; BAD_FRAME for a damaged file.
 */
public final class FileSystemExchange implements Exchange {
  /** Names in one listing, at most; beyond, EXCHANGE_FAILED. */
  public static final int MAX_LISTED_NAMES = 1_000_000;

  /** Folder of unfinished files; its name is not in the form of an object's. */
  static final String STAGING = ".staging";

  /** Age at which an unfinished file of the same owner belongs to a process that is gone. */
  static final Duration STALE_AFTER = Duration.ofHours(1);

  /** Attempts of one operation on a medium that fails. */
  static final int ATTEMPTS = 4;

  private static final Duration FIRST_RETRY_PAUSE = Duration.ofMillis(50);
  private static final Duration SHORTEST_POLL_PAUSE = Duration.ofMillis(20);

  /** The longest pause between two looks into the folder, where nobody says another. */
  public static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  /** Stores that copy and delete where a file system renames, so that readers see parts. */
  private static final Set<String> WITHOUT_ATOMIC_RENAME =
      Set.of("s3", "s3n", "s3a", "gs", "wasb", "wasbs", "oss", "cosn", "obs", "swift", "ftp");

  private final Volume volume;
  private final String folder;
  private final MonotonicTime time;
  private final Duration longestPause;

  FileSystemExchange(Volume volume, String folder, MonotonicTime time) {
    this(volume, folder, time, LONGEST_PAUSE);
  }

  FileSystemExchange(Volume volume, String folder, MonotonicTime time, Duration longestPause) {
    this.volume = volume;
    this.folder = folder;
    this.time = time;
    this.longestPause = longestPause;
  }

  /**
   * Opens the exchange in an existing folder, as sites do: a folder that is not there is more
   * likely a missing mount than a wish for a new one.
   *
   * @param folder an absolute path, or a URI such as {@code file:/share/x} or {@code hdfs://nn/x}
   * @param owner the site's id, or "coordinator"; names the folder of unfinished files
   * @param hadoopSettings Hadoop properties beside those of the class path's core-site.xml
   * @param longestPause between two looks while waiting; the first pauses are shorter
   */
  public static FileSystemExchange open(
      URI folder,
      String owner,
      Map<String, String> hadoopSettings,
      MonotonicTime time,
      Duration longestPause) {
    FileSystemExchange exchange = of(folder, owner, hadoopSettings, time, longestPause);
    exchange.start();
    return exchange;
  }

  /** As the other {@code open}, with pauses of at most {@link #LONGEST_PAUSE}. */
  public static FileSystemExchange open(
      URI folder, String owner, Map<String, String> hadoopSettings, MonotonicTime time) {
    return open(folder, owner, hadoopSettings, time, LONGEST_PAUSE);
  }

  /** As the other {@code create}, with pauses of at most {@link #LONGEST_PAUSE}. */
  public static FileSystemExchange create(
      URI folder, String owner, Map<String, String> hadoopSettings, MonotonicTime time) {
    return create(folder, owner, hadoopSettings, time, LONGEST_PAUSE);
  }

  /** As {@code open}, but makes the folder if need be, as the coordinator does. */
  public static FileSystemExchange create(
      URI folder,
      String owner,
      Map<String, String> hadoopSettings,
      MonotonicTime time,
      Duration longestPause) {
    FileSystemExchange exchange = of(folder, owner, hadoopSettings, time, longestPause);
    exchange.attempt(
        "The folder " + exchange.folder + " cannot be made.",
        () -> {
          exchange.volume.create();
          return null;
        });
    exchange.start();
    return exchange;
  }

  /**
   * As {@code open}, but writes nothing, not even to find out whether it could: for executors,
   * which read many objects of a folder that may not be theirs to write.
   */
  public static FileSystemExchange openToRead(
      URI folder, Map<String, String> hadoopSettings, MonotonicTime time) {
    FileSystemExchange whole = of(folder, "reader", hadoopSettings, time, LONGEST_PAUSE);
    FileSystemExchange exchange =
        new FileSystemExchange(new ReadOnlyVolume(whole.volume), whole.folder, time);
    exchange.start();
    return exchange;
  }

  private static FileSystemExchange of(
      URI folder,
      String owner,
      Map<String, String> hadoopSettings,
      MonotonicTime time,
      Duration longestPause) {
    if (ObjectName.checked(owner).contains("/")) {
      throw Errors.badMessage("Owner '" + owner + "' of an exchange is not one segment of a name.");
    }
    String shown = withoutUserInfo(folder);
    String scheme =
        folder.getScheme() == null ? "file" : folder.getScheme().toLowerCase(Locale.ROOT);
    if (scheme.equals("file")) {
      Path root = Path.of(folder.getPath()).toAbsolutePath().normalize();
      return new FileSystemExchange(
          new LocalVolume(root, owner), root.toString(), time, longestPause);
    }
    if (WITHOUT_ATOMIC_RENAME.contains(scheme)) {
      throw Errors.exchangeUnsuitable(
          shown, "A store of kind '" + scheme + "' cannot rename in one step without replacing.");
    }
    try {
      // A new instance, because closing the cached one would close it for Spark, too.
      FileSystem files = FileSystem.newInstance(folder, configuration(hadoopSettings));
      Volume volume = new HadoopVolume(files, new org.apache.hadoop.fs.Path(folder), owner);
      return new FileSystemExchange(volume, shown, time, longestPause);
    } catch (IOException e) {
      throw Errors.exchangeFailed(
          "The file system of " + shown + " cannot be opened: " + e.getMessage() + ".",
          "Correct the exchange's folder or Hadoop's configuration.",
          e);
    }
  }

  private static String withoutUserInfo(URI folder) {
    String authority = folder.getHost() == null ? folder.getAuthority() : folder.getHost();
    int port = folder.getPort();
    return (folder.getScheme() == null ? "" : folder.getScheme() + ":")
        + (authority == null
            ? ""
            : "//" + authority.substring(authority.indexOf('@') + 1) + (port < 0 ? "" : ":" + port))
        + folder.getPath();
  }

  private static Configuration configuration(Map<String, String> hadoopSettings) {
    Configuration configuration = new Configuration();
    // Hadoop's defaults try a dead NameNode for 15 minutes; these bound one call to about a minute.
    configuration.setInt("ipc.client.connect.timeout", 5_000);
    configuration.setInt("ipc.client.connect.max.retries", 3);
    configuration.setInt("ipc.client.connect.max.retries.on.timeouts", 3);
    configuration.setInt("ipc.client.rpc-timeout.ms", 60_000);
    // Most objects are small: the default first wait of 400 ms for the DataNode's report of a
    // written block would be most of a put. The waits double; the sum stays about 20 s.
    configuration.setInt("dfs.client.block.write.locateFollowingBlock.initial.delay.ms", 20);
    configuration.setInt("dfs.client.block.write.locateFollowingBlock.retries", 10);
    hadoopSettings.forEach(configuration::set);
    return configuration;
  }

  private void start() {
    boolean exists = attempt("The folder " + folder + " cannot be read.", volume::exists);
    if (!exists) {
      throw Errors.exchangeFolderMissing(folder);
    }
    attempt(
        "The folder " + folder + " cannot be used.",
        () -> {
          volume.prepare();
          return null;
        });
  }

  @Override
  public void put(String name, byte[] bytes) {
    ObjectName.checked(name);
    ObjectName.checkSize(name, bytes.length);
    byte[] stored = StoredObject.encode(name, bytes);
    attempt(
        "Object '" + name + "' cannot be written.",
        () -> {
          // First the cheap question: after a restart most puts repeat what is there.
          if (!isThere(name, bytes)) {
            try {
              volume.write(name, stored);
            } catch (FileAlreadyExistsException e) {
              if (!isThere(name, bytes)) {
                throw Errors.exchangeConflict(name);
              }
            }
          }
          return null;
        });
  }

  /** Whether the name holds these very bytes, durably; other bytes are a conflict. */
  private boolean isThere(String name, byte[] bytes) throws IOException {
    Optional<byte[]> before = volume.read(name, StoredObject.MAX_STORED_BYTES);
    if (before.isEmpty()) {
      return false;
    }
    if (!Arrays.equals(StoredObject.decode(name, before.get()), bytes)) {
      throw Errors.exchangeConflict(name);
    }
    volume.sync(name);
    return true;
  }

  @Override
  public Optional<byte[]> get(String name) {
    ObjectName.checked(name);
    return attempt(
            "Object '" + name + "' cannot be read.",
            () -> volume.read(name, StoredObject.MAX_STORED_BYTES))
        .map(stored -> StoredObject.decode(name, stored));
  }

  @Override
  public List<String> list(String prefix) {
    ObjectName.checkedPrefix(prefix);
    List<String> names =
        attempt(
            "The folder '" + prefix + "' cannot be listed.",
            () -> volume.list(prefix, MAX_LISTED_NAMES));
    if (names.size() > MAX_LISTED_NAMES) {
      throw Errors.exchangeFailed(
          "The folder '" + prefix + "' has more than " + MAX_LISTED_NAMES + " objects.",
          "Remove the objects of closed jobs.",
          null);
    }
    // Names are ASCII, so that the order of strings is the order of bytes.
    return names.stream().sorted().toList();
  }

  @Override
  public List<String> await(String prefix, List<String> known, Duration patience) {
    Set<String> seen = new HashSet<>(known);
    long start = time.nanos();
    while (true) {
      List<String> names = list(prefix);
      Duration waited = Duration.ofNanos(time.nanos() - start);
      Duration left = patience.minus(waited);
      if (left.isNegative() || left.isZero() || !seen.containsAll(names)) {
        return names;
      }
      pause(prefix, shorter(left, pollPause(waited)));
    }
  }

  /** An eighth of the time waited so far, so that polling adds at most that much to any wait. */
  private Duration pollPause(Duration waited) {
    Duration eighth = waited.dividedBy(8);
    Duration pause = eighth.compareTo(SHORTEST_POLL_PAUSE) < 0 ? SHORTEST_POLL_PAUSE : eighth;
    return shorter(pause, longestPause);
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private void pause(String name, Duration length) {
    try {
      time.pause(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Errors.exchangeInterrupted(name, e);
    }
  }

  @Override
  public void remove(String prefix) {
    ObjectName.checked(prefix);
    attempt(
        "The folder '" + prefix + "' cannot be removed.",
        () -> {
          volume.remove(prefix);
          return null;
        });
  }

  @Override
  public void close() {
    try {
      volume.close();
    } catch (IOException e) {
      throw failure("The exchange cannot be closed.", e);
    }
  }

  private interface Call<T> {
    T run() throws IOException;
  }

  /** Runs a call again after growing pauses while it fails for a reason that may pass. */
  private <T> T attempt(String problem, Call<T> call) {
    Duration pause = FIRST_RETRY_PAUSE;
    for (int attempt = 1; ; attempt++) {
      try {
        return call.run();
      } catch (IOException e) {
        if (attempt == ATTEMPTS || !mayPass(e)) {
          throw failure(problem, e);
        }
        pause(folder, pause);
        pause = pause.multipliedBy(4);
      }
    }
  }

  private boolean mayPass(IOException e) {
    return !isFull(e)
        && !isDenied(e)
        && !isInterrupted(e)
        && !(e instanceof UnsuitableFileSystemException)
        && !(isMissing(e) && !rootExists());
  }

  private boolean rootExists() {
    try {
      return volume.exists();
    } catch (IOException e) {
      return true;
    }
  }

  private TributaryException failure(String problem, IOException e) {
    if (isInterrupted(e)) {
      Thread.currentThread().interrupt();
      return Errors.exchangeInterrupted(folder, e);
    }
    if (isFull(e)) {
      return Errors.exchangeFull(folder, e);
    }
    if (isDenied(e)) {
      return Errors.exchangeNotWritable(folder, e);
    }
    if (e instanceof UnsuitableFileSystemException) {
      return Errors.exchangeUnsuitable(folder, e.getMessage());
    }
    if (isMissing(e) && !rootExists()) {
      return Errors.exchangeFolderMissing(folder);
    }
    return Errors.exchangeFailed(
        problem + " (" + reason(e) + ")",
        "Look at the file system of " + folder + "; then start the job again, it resumes.",
        e);
  }

  /** In the file system's words; some exceptions of Java's say only the path. */
  private static String reason(IOException e) {
    if (e instanceof FileSystemException at && at.getReason() != null) {
      return at.getFile() + ": " + at.getReason();
    }
    return isMissing(e) ? "there is no " + e.getMessage() : String.valueOf(e.getMessage());
  }

  private static boolean isMissing(IOException e) {
    return e instanceof NoSuchFileException || e instanceof FileNotFoundException;
  }

  private static boolean isInterrupted(IOException e) {
    return e instanceof ClosedByInterruptException
        || (e instanceof InterruptedIOException && !(e instanceof SocketTimeoutException));
  }

  private static boolean isFull(IOException e) {
    // Java and Hadoop tell a full disk by its text only; Hadoop's quota errors carry "quota".
    return says(e, "no space left", "not enough space", "quota");
  }

  private static boolean isDenied(IOException e) {
    return e instanceof AccessDeniedException
        || e instanceof AccessControlException
        || says(e, "read-only file system", "operation not permitted", "permission denied");
  }

  private static boolean says(IOException e, String... texts) {
    String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    return Arrays.stream(texts).anyMatch(message::contains);
  }
}
