package io.tributary.connectors.genomics;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;

/**
 * A file that is read at any place: a local one through the operating system, any other through
 * Hadoop. What cannot be read is DATA_MISSING with the file's name.
 */
public abstract class GenomicFile implements AutoCloseable {
  private final String place;
  private final long size;

  private GenomicFile(String place, long size) {
    this.place = place;
    this.size = size;
  }

  /**
   * Opens a file.
   *
   * @param location local path, {@code file:} URI or Hadoop URI
   */
  public static GenomicFile open(String location) {
    try {
      boolean remote = location.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") && !isLocalUri(location);
      return remote ? new Remote(location) : new Local(location);
    } catch (NoSuchFileException | FileNotFoundException e) {
      throw missing(location, "there is no such file.");
    } catch (IOException | InvalidPathException | SecurityException e) {
      throw missing(location, "it cannot be read.");
    }
  }

  private static boolean isLocalUri(String location) {
    return location.startsWith("file:");
  }

  private static TributaryException missing(String place, String problem) {
    return Errors.data(
        ErrorCode.DATA_MISSING,
        place,
        problem,
        "Correct the path in the site's catalogue, and look at the file's permissions.");
  }

  /** The file's name, for errors. */
  public String place() {
    return place;
  }

  /** Bytes. */
  public long size() {
    return size;
  }

  /**
   * Reads bytes of the file, all that are asked for; DATA_INVALID if it has become shorter.
   *
   * @param at byte offset in the file
   */
  public void read(long at, byte[] into, int from, int length) {
    try {
      fill(at, into, from, length);
    } catch (EOFException e) {
      throw Errors.data(
          ErrorCode.DATA_INVALID,
          place + ", byte " + at,
          "the file ends before " + length + " bytes that should follow.",
          "It was cut off, or changed while it was read: copy it again.");
    } catch (IOException e) {
      throw missing(place, "reading failed at byte " + at + ".");
    }
  }

  abstract void fill(long at, byte[] into, int from, int length) throws IOException;

  /** All bytes from the start, for text; closing it does not close the file. */
  public abstract InputStream stream() throws IOException;

  @Override
  public abstract void close();

  private static final class Local extends GenomicFile {
    private final FileChannel channel;

    Local(String location) throws IOException {
      this(location, FileChannel.open(path(location), StandardOpenOption.READ));
    }

    private Local(String location, FileChannel channel) throws IOException {
      super(location, channel.size());
      this.channel = channel;
    }

    private static Path path(String location) {
      return isLocalUri(location)
          ? Path.of(java.net.URI.create(location).getPath())
          : Path.of(location);
    }

    @Override
    void fill(long at, byte[] into, int from, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(into, from, length);
      long next = at;
      while (buffer.hasRemaining()) {
        int read = channel.read(buffer, next);
        if (read < 0) {
          throw new EOFException();
        }
        next += read;
      }
    }

    @Override
    public InputStream stream() throws IOException {
      channel.position(0);
      InputStream in = Channels.newInputStream(channel);
      return new java.io.FilterInputStream(in) {
        @Override
        public void close() {
          // The channel stays open for its owner.
        }
      };
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        // It was only read: nothing is lost.
        return;
      }
    }
  }

  private static final class Remote extends GenomicFile {
    private final org.apache.hadoop.fs.Path path;
    private final FileSystem files;
    private final FSDataInputStream in;

    Remote(String location) throws IOException {
      this(location, new org.apache.hadoop.fs.Path(location));
    }

    private Remote(String location, org.apache.hadoop.fs.Path path) throws IOException {
      this(location, path, path.getFileSystem(new Configuration()));
    }

    private Remote(String location, org.apache.hadoop.fs.Path path, FileSystem files)
        throws IOException {
      super(location, files.getFileStatus(path).getLen());
      this.path = path;
      this.files = files;
      this.in = files.open(path);
    }

    @Override
    void fill(long at, byte[] into, int from, int length) throws IOException {
      in.readFully(at, into, from, length);
    }

    @Override
    public InputStream stream() throws IOException {
      return files.open(path);
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        // It was only read: nothing is lost.
        return;
      }
    }
  }
}
