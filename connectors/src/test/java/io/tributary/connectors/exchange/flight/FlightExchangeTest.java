package io.tributary.connectors.exchange.flight;

import io.tributary.connectors.exchange.filesystem.FileSystemExchange;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.exchange.StoredExchangeContract;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract over TLS on loopback, with a local folder behind the server, as in use. */
final class FlightExchangeTest extends StoredExchangeContract {
  private static final int SITES = 50;

  @TempDir private Path folder;
  private Exchange store;
  private Federation federation;
  private int connected;

  @BeforeEach
  void start() {
    store =
        FileSystemExchange.create(folder.toUri(), "coordinator", Map.of(), MonotonicTime.SYSTEM);
    federation = Federation.over(store, SITES);
  }

  @AfterEach
  void stop() {
    federation.close();
    store.close();
  }

  @Override
  protected Exchange connect() {
    return federation.connect(connected++ % SITES);
  }

  @Override
  protected Exchange connectAsCoordinator() {
    return federation.server.exchange();
  }

  @Override
  protected int manyObjects() {
    return 500;
  }

  @Override
  protected int manyParties() {
    return SITES;
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
