package io.tributary.connectors.exchange.filesystem;

import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.StoredExchangeContract;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

final class LocalFolderExchangeTest extends StoredExchangeContract {
  @TempDir private Path folder;

  @Override
  protected Exchange connect() {
    return FileSystemExchange.open(folder.toUri(), "north", Map.of(), MonotonicTime.SYSTEM);
  }

  @Override
  protected int manyObjects() {
    return 500;
  }

  @Override
  protected int manyParties() {
    return 50;
  }

  @Override
  protected void damage(String name, double position, boolean truncate) throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      long at = (long) (position * file.length());
      if (truncate) {
        file.setLength(at);
        return;
      }
      file.seek(at);
      int before = file.read();
      file.seek(at);
      file.write(before ^ 1);
    }
  }

  @Override
  protected void swap(String from, String onto) throws Exception {
    Files.copy(folder.resolve(from), folder.resolve(onto), StandardCopyOption.REPLACE_EXISTING);
  }
}
