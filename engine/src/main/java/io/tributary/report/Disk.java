package io.tributary.report;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What {@link ReportWriter} asks of the file system; a test's disk fails where it wants. */
interface Disk {
  /** Opens a new file. */
  OutputStream create(Path file) throws IOException;

  void createFolder(Path folder) throws IOException;

  /** Waits until a file's or folder's content would survive a power cut. */
  void force(Path path) throws IOException;

  /** Renames within one file system, atomically; an empty folder in the way is replaced. */
  void rename(Path from, Path to) throws IOException;

  void delete(Path path) throws IOException;

  /** Whether an existing folder can give way to another one: no mount point, parent writable. */
  boolean canRename(Path folder) throws IOException;

  /** The machine's disk. */
  Disk LOCAL =
      new Disk() {
        @Override
        public OutputStream create(Path file) throws IOException {
          return Files.newOutputStream(
              file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void createFolder(Path folder) throws IOException {
          Files.createDirectory(folder);
        }

        @Override
        public void force(Path path) throws IOException {
          try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
          }
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void delete(Path path) throws IOException {
          Files.delete(path);
        }

        @Override
        public boolean canRename(Path folder) throws IOException {
          Path parent = folder.getParent();
          return parent != null
              && Files.isWritable(parent)
              && Files.getFileStore(parent).equals(Files.getFileStore(folder));
        }
      };
}
