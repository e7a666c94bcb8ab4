package io.tributary.connectors.exchange.filesystem;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;

/** A volume whose files are only looked at. */
final class ReadOnlyVolume implements Volume {
  private final Volume volume;

  ReadOnlyVolume(Volume volume) {
    this.volume = volume;
  }

  @Override
  public boolean exists() throws IOException {
    return volume.exists();
  }

  @Override
  public void create() throws IOException {
    throw refused("");
  }

  /** Nothing to prove. */
  @Override
  public void prepare() {}

  @Override
  public Optional<byte[]> read(String name, int maxBytes) throws IOException {
    return volume.read(name, maxBytes);
  }

  @Override
  public void write(String name, byte[] stored) throws IOException {
    throw refused(name);
  }

  @Override
  public void sync(String name) {}

  @Override
  public List<String> list(String prefix, int maxNames) throws IOException {
    return volume.list(prefix, maxNames);
  }

  @Override
  public void remove(String prefix) throws IOException {
    throw refused(prefix);
  }

  @Override
  public void close() throws IOException {
    volume.close();
  }

  private static IOException refused(String name) {
    return new AccessDeniedException(name, null, "it was opened for reading only");
  }
}
