package io.tributary.connectors.exchange.filesystem;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.tributary.exchange.ObjectName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A folder that the operating system mounts: a local disk, NFS, a cluster file system.
 *
 * <p>Hadoop's own local file system is not used here: its rename replaces an existing file, its
 * check that there is none is a separate step, and it keeps checksums in side files that a rename
 * moves apart. A hard link is the one call of POSIX by which a finished file appears under a new
 * name, at once and only if the name is free; it is so on NFS, too.
 */
final class LocalVolume implements Volume {
  private final Path root;
  private final Path staging;

  LocalVolume(Path root, String owner) {
    this.root = root;
    this.staging = root.resolve(FileSystemExchange.STAGING).resolve(owner);
  }

  @Override
  public boolean exists() {
    return Files.isDirectory(root);
  }

  @Override
  public void create() throws IOException {
    Files.createDirectories(root);
  }

  @Override
  public void prepare() throws IOException {
    Files.createDirectories(staging);
    Path probe = staging.resolve(UUID.randomUUID().toString());
    Path link = staging.resolve(UUID.randomUUID().toString());
    Files.createFile(probe);
    try {
      proveHardLinks(link, probe);
      removeStale(Files.getLastModifiedTime(probe));
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  private static void proveHardLinks(Path link, Path existing) throws IOException {
    try {
      Files.createLink(link, existing);
    } catch (UnsupportedOperationException | FileSystemException e) {
      // The folder could be written a moment before, so that this is no question of permissions.
      throw new UnsuitableFileSystemException("Its file system has no hard links.", e);
    }
    Files.delete(link);
  }

  private void removeStale(FileTime now) throws IOException {
    long oldest = now.toMillis() - FileSystemExchange.STALE_AFTER.toMillis();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(staging)) {
      for (Path file : files) {
        if (modifiedMillis(file) < oldest) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Never stale, if another instance of this owner has just finished with the file. */
  private static long modifiedMillis(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file, NOFOLLOW_LINKS).toMillis();
    } catch (NoSuchFileException e) {
      return Long.MAX_VALUE;
    }
  }

  @Override
  public Optional<byte[]> read(String name, int maxBytes) throws IOException {
    Path path = root.resolve(name);
    if (!Files.isRegularFile(path, NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, NOFOLLOW_LINKS)) {
      byte[] bytes = new byte[(int) Math.min(channel.size(), maxBytes + 1L)];
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      int read = 0;
      while (buffer.hasRemaining() && read >= 0) {
        read = channel.read(buffer);
      }
      return Optional.of(buffer.hasRemaining() ? Arrays.copyOf(bytes, buffer.position()) : bytes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void write(String name, byte[] stored) throws IOException {
    Path target = root.resolve(name);
    Path temporary = staging.resolve(UUID.randomUUID().toString());
    createFolders(temporary);
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer buffer = ByteBuffer.wrap(stored);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      createFolders(target);
      Files.createLink(target, temporary);
      syncFolder(target.getParent());
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  @Override
  public void sync(String name) throws IOException {
    syncFolder(root.resolve(name).getParent());
  }

  /**
   * Makes the folders above a file, durably; but never the exchange's own, which may be a mount.
   */
  private void createFolders(Path target) throws IOException {
    List<Path> missing = new ArrayList<>();
    Path folder = target.getParent();
    while (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
      if (folder.equals(root)) {
        throw new NoSuchFileException(root.toString());
      }
      missing.add(0, folder);
      folder = folder.getParent();
    }
    for (Path each : missing) {
      try {
        Files.createDirectory(each);
      } catch (FileAlreadyExistsException e) {
        // Another writer made it just now, or it is an object or a link, which is a taken name.
        if (!Files.isDirectory(each, NOFOLLOW_LINKS)) {
          throw e;
        }
      }
      syncFolder(each.getParent());
    }
  }

  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public List<String> list(String prefix, int maxNames) throws IOException {
    Path start = prefix.isEmpty() ? root : root.resolve(prefix);
    List<String> names = new ArrayList<>();
    if (!Files.isDirectory(start, NOFOLLOW_LINKS)) {
      if (!exists()) {
        throw new NoSuchFileException(root.toString());
      }
      if (!start.equals(root)) {
        return names;
      }
    }
    Files.walkFileTree(
        start,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root) || ObjectName.isWellFormed(nameOf(folder))
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            String name = nameOf(file);
            if (attributes.isRegularFile() && ObjectName.isWellFormed(name)) {
              names.add(name);
            }
            return names.size() > maxNames ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return goneOrThrow(file, e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            return e == null ? FileVisitResult.CONTINUE : goneOrThrow(folder, e);
          }
        });
    return names;
  }

  /** What is removed during a listing is not in it; but the exchange's folder must be there. */
  private FileVisitResult goneOrThrow(Path path, IOException e) throws IOException {
    boolean gone = e instanceof NoSuchFileException || e instanceof NotDirectoryException;
    if (!gone || path.equals(root)) {
      throw e;
    }
    return FileVisitResult.CONTINUE;
  }

  private String nameOf(Path path) {
    return root.relativize(path).toString().replace(path.getFileSystem().getSeparator(), "/");
  }

  @Override
  public void remove(String prefix) throws IOException {
    Path folder = root.resolve(prefix);
    if (!Files.isDirectory(folder, NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return goneOrThrow(file, e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path each, IOException e) throws IOException {
            Files.deleteIfExists(each);
            return FileVisitResult.CONTINUE;
          }
        });
    syncFolder(folder.getParent());
  }

  @Override
  public void close() {}
}
