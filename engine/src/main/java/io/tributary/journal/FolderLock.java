package io.tributary.journal;

import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Holds {@code FOLDER/lock} while one process uses the folder; it ends with the process. */
public final class FolderLock implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;

  private FolderLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** Takes it; STORAGE_FAILED if another process, or this one, holds it. */
  public static FolderLock take(Path folder) {
    Path file = folder.resolve("lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock held = null;
      try {
        held = channel.tryLock();
      } catch (OverlappingFileLockException ownProcess) {
        channel.close();
        throw taken(file);
      }
      if (held == null) {
        channel.close();
        throw taken(file);
      }
      return new FolderLock(file, channel);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static RuntimeException taken(Path file) {
    return Errors.storageFailed(
        "Another process uses " + file.getParent() + ".",
        "Two processes of one party must not run at once; end the other one.",
        null);
  }

  private static RuntimeException failed(Path file, IOException cause) {
    return Errors.storageFailed(
        "The file " + file + " cannot be used: " + cause.getMessage() + ".",
        "Mend its permissions, then start again.",
        cause);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }
}
