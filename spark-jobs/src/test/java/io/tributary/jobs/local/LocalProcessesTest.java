package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalProcessesTest {
  @TempDir Path folder;

  private LocalProcesses processes() throws IOException {
    Path launcher = Files.writeString(folder.resolve("launcher"), "#!/bin/sh\nexec sleep 600\n");
    assertThat(launcher.toFile().setExecutable(true)).isTrue();
    Files.createDirectories(folder.resolve("data/east"));
    Files.writeString(folder.resolve("data/east/a.csv"), "x\n1\n");
    LocalFederation federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            List.of(new SiteId("east")),
            List.of(new SiteId("east")),
            LocalFederation.Transport.FILES,
            LocalFederation.SETUP,
            Clock.systemUTC(),
            new SecureRandom());
    return new LocalProcesses(federation, launcher, false);
  }

  /** Ctrl-C while processes are being started: none is left running. */
  @Test
  void nothingStartedBesideACloseIsLeftRunning() throws Exception {
    Queue<Process> started = new ConcurrentLinkedQueue<>();
    AtomicReference<TributaryException> refused = new AtomicReference<>();
    LocalProcesses processes = processes();
    Thread starting =
        new Thread(
            () -> {
              try {
                for (int party = 0; party < 200; party++) {
                  started.add(
                      processes.start("party-" + party, List.of(), List.of(), Optional.empty()));
                }
              } catch (TributaryException e) {
                refused.set(e);
              }
            });
    try {
      starting.start();
      while (started.size() < 3) {
        Thread.onSpinWait();
      }
      processes.close();
      starting.join();
      assertThat(refused.get().code()).isEqualTo(ErrorCode.INTERRUPTED);
      assertThat(started).noneMatch(Process::isAlive);
    } finally {
      started.forEach(Process::destroyForcibly);
    }
  }
}
