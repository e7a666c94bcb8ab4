package io.tributary.connectors.exchange.filesystem;

import io.tributary.exchange.ObjectName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options.Rename;
import org.apache.hadoop.fs.ParentNotDirectoryException;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.io.IOUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of HDFS or of another Hadoop file system whose rename is atomic and does not replace.
 * The NameNode carries out the rename and its check in one step, and logs it before it answers.
 */
final class HadoopVolume implements Volume {
  private static final Logger LOG = LoggerFactory.getLogger(HadoopVolume.class);

  private final ExclusiveRename files;
  private final Path root;
  private final Path staging;

  HadoopVolume(FileSystem files, Path root, String owner) {
    this.files = new ExclusiveRename(files);
    this.root = root;
    this.staging = new Path(new Path(root, FileSystemExchange.STAGING), owner);
  }

  @Override
  public boolean exists() throws IOException {
    try {
      return files.getFileStatus(root).isDirectory();
    } catch (FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public void create() throws IOException {
    files.mkdirs(root);
  }

  @Override
  public void prepare() throws IOException {
    files.mkdirs(staging);
    Path probe = temporary();
    Path taken = temporary();
    files.create(probe, false).close();
    files.create(taken, false).close();
    long now = files.getFileStatus(taken).getModificationTime();
    boolean replaced;
    try {
      files.renameToFree(probe, taken);
      replaced = true;
    } catch (IOException e) {
      replaced = false;
    } finally {
      files.delete(probe, false);
      files.delete(taken, false);
    }
    if (replaced) {
      throw new UnsuitableFileSystemException("Its rename replaces existing files.");
    }
    for (FileStatus file : files.listStatus(staging)) {
      if (file.getModificationTime() < now - FileSystemExchange.STALE_AFTER.toMillis()) {
        files.delete(file.getPath(), false);
      }
    }
  }

  private void refuseMissingRoot() throws IOException {
    if (!exists()) {
      throw new FileNotFoundException(root.toString());
    }
  }

  private Path temporary() {
    return new Path(staging, UUID.randomUUID().toString());
  }

  @Override
  public Optional<byte[]> read(String name, int maxBytes) throws IOException {
    Path path = new Path(root, name);
    FileStatus status = statusOf(path);
    if (status == null || !status.isFile()) {
      return Optional.empty();
    }
    byte[] bytes = new byte[(int) Math.min(status.getLen(), maxBytes + 1L)];
    int filled = 0;
    try (FSDataInputStream in = files.open(path)) {
      while (filled < bytes.length) {
        int read = in.read(bytes, filled, bytes.length - filled);
        if (read < 0) {
          break;
        }
        filled += read;
      }
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
    return Optional.of(filled < bytes.length ? Arrays.copyOf(bytes, filled) : bytes);
  }

  /** The status of a path, or null if nothing is there. */
  private FileStatus statusOf(Path path) throws IOException {
    try {
      return files.getFileStatus(path);
    } catch (FileNotFoundException | ParentNotDirectoryException e) {
      return null;
    } catch (IOException e) {
      // HDFS answers so when a folder of the path is a file, as an error of permissions.
      if (String.valueOf(e.getMessage()).contains("is not a directory")) {
        return null;
      }
      throw e;
    }
  }

  @Override
  public void write(String name, byte[] stored) throws IOException {
    Path target = new Path(root, name);
    Path temporary = temporary();
    boolean renamed = false;
    // Hadoop makes the folders above a new file, and so would make the exchange's own again.
    refuseMissingRoot();
    try {
      writeDurably(temporary, stored);
      try {
        if (!files.mkdirs(target.getParent())) {
          throw new IOException("The folders above " + name + " cannot be made.");
        }
        files.renameToFree(temporary, target);
        renamed = true;
      } catch (IOException e) {
        if (isTaken(target)) {
          FileAlreadyExistsException taken = new FileAlreadyExistsException(name);
          taken.initCause(e);
          throw taken;
        }
        throw e;
      }
    } finally {
      if (!renamed) {
        removeQuietly(temporary);
      }
    }
  }

  /** What cannot be removed now is removed when it is stale; the first error is the one to tell. */
  private void removeQuietly(Path temporary) {
    try {
      files.delete(temporary, false);
    } catch (IOException e) {
      LOG.debug("temporary={} left for later", temporary, e);
    }
  }

  private void writeDurably(Path path, byte[] bytes) throws IOException {
    FSDataOutputStream out = files.create(path, false);
    try {
      out.write(bytes);
      out.hsync();
    } catch (IOException e) {
      // Not try-with-resources: HDFS throws the very same exception from close, which would be
      // added to itself and end as an IllegalArgumentException.
      IOUtils.closeStream(out);
      throw e;
    }
    out.close();
  }

  /** Whether the target or a folder above it is a file, or the target is a folder. */
  private boolean isTaken(Path target) throws IOException {
    if (statusOf(target) != null) {
      return true;
    }
    for (Path folder = target.getParent(); !folder.equals(root); folder = folder.getParent()) {
      FileStatus status = statusOf(folder);
      if (status != null) {
        return status.isFile();
      }
    }
    return false;
  }

  /** Nothing to do: a rename is in the NameNode's log before anybody sees it. */
  @Override
  public void sync(String name) {}

  @Override
  public List<String> list(String prefix, int maxNames) throws IOException {
    List<String> names = new ArrayList<>();
    Path start = prefix.isEmpty() ? root : new Path(root, prefix);
    if (!prefix.isEmpty()) {
      FileStatus status = statusOf(start);
      if (status == null || !status.isDirectory()) {
        refuseMissingRoot();
        return names;
      }
    }
    String rootPath = root.toUri().getPath();
    int nameStart = rootPath.endsWith("/") ? rootPath.length() : rootPath.length() + 1;
    List<Path> folders = new ArrayList<>(List.of(start));
    while (!folders.isEmpty() && names.size() <= maxNames) {
      Path folder = folders.remove(folders.size() - 1);
      try {
        RemoteIterator<LocatedFileStatus> entries = files.listLocatedStatus(folder);
        while (entries.hasNext() && names.size() <= maxNames) {
          FileStatus entry = entries.next();
          String name = entry.getPath().toUri().getPath().substring(nameStart);
          if (!ObjectName.isWellFormed(name)) {
            continue;
          }
          if (entry.isDirectory()) {
            folders.add(entry.getPath());
          } else if (entry.isFile()) {
            names.add(name);
          }
        }
      } catch (FileNotFoundException e) {
        // Removed during the listing; but the exchange's folder must be there.
        if (folder.equals(root)) {
          throw e;
        }
      }
    }
    return names;
  }

  @Override
  public void remove(String prefix) throws IOException {
    Path folder = new Path(root, prefix);
    FileStatus status = statusOf(folder);
    if (status != null && status.isDirectory()) {
      files.delete(folder, true);
    }
  }

  @Override
  public void close() throws IOException {
    files.close();
  }

  /** Opens the rename that does not replace, which FileSystem keeps protected. */
  private static final class ExclusiveRename extends FilterFileSystem {
    ExclusiveRename(FileSystem files) {
      super(files);
    }

    @SuppressWarnings(
        "deprecation") // Deprecated as "for FileContext only", which cannot be closed.
    void renameToFree(Path from, Path to) throws IOException {
      rename(from, to, Rename.NONE);
    }
  }
}
