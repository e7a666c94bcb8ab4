package io.tributary.connectors.exchange.filesystem;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link FileSystemExchange} needs of a file system. Names and prefixes are in form already;
 * they are relative to the exchange's folder. Files and folders whose names are out of form are not
 * objects. Implementations are safe for many threads.
 */
interface Volume {
  /** Whether the exchange's folder is there. */
  boolean exists() throws IOException;

  /** Makes the exchange's folder and its parents. */
  void create() throws IOException;

  /**
   * Proves that this user can write, and removes this owner's unfinished files that are older than
   * {@link FileSystemExchange#STALE_AFTER} by the file system's own clock.
   */
  void prepare() throws IOException;

  /** The file's bytes, at most one more than {@code maxBytes}; empty if there is no such file. */
  Optional<byte[]> read(String name, int maxBytes) throws IOException;

  /**
   * Writes a file so that it appears at once, whole and durable.
   *
   * @throws FileAlreadyExistsException if the name is taken; its file is untouched
   */
  void write(String name, byte[] stored) throws IOException;

  /** Makes the entry of an existing file durable, whoever wrote it. */
  void sync(String name) throws IOException;

  /** Names of the files below a prefix, in any order, at most {@code maxNames + 1}. */
  List<String> list(String prefix, int maxNames) throws IOException;

  /** Removes all files below a folder, if it is there. */
  void remove(String prefix) throws IOException;

  void close() throws IOException;
}
