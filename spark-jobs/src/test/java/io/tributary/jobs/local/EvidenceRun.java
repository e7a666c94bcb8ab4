package io.tributary.jobs.local;

import io.tributary.connectors.SharedSpark;
import io.tributary.connectors.exchange.filesystem.FileSystemExchange;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.MonotonicTime;
import io.tributary.jobs.study.StudyFile;
import io.tributary.study.SiteId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A study over three sites whose folders and exchange are left to look at. */
public final class EvidenceRun {
  public static final List<SiteId> SITES =
      List.of(new SiteId("east"), new SiteId("north"), new SiteId("south"));

  private EvidenceRun() {}

  /** Runs the study over the lung table; fails on any trouble. */
  public static LocalFederation of(Path folder, StudyFile study) throws IOException {
    List<String> lines;
    try (InputStream table = EvidenceRun.class.getResourceAsStream("/io/tributary/demo/lung.csv")) {
      lines = new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
    int from = 1;
    for (SiteId site : SITES) {
      Path data = Files.createDirectories(folder.resolve("data").resolve(site.value()));
      int until = site.value().equals("south") ? lines.size() : from + 70;
      Files.writeString(
          data.resolve("lung.csv"),
          lines.get(0) + "\n" + String.join("\n", lines.subList(from, until)) + "\n");
      from = until;
    }
    Clock clock = Clock.systemUTC();
    LocalFederation federation =
        LocalFederation.create(
            folder.resolve("home"),
            folder.resolve("data"),
            SITES,
            SITES,
            LocalFederation.Transport.FILES,
            Duration.ofMinutes(3),
            clock,
            new SecureRandom());
    Recorder recorder = new Recorder();
    try (Exchange exchange =
        FileSystemExchange.create(
            federation.home().resolve("exchange").toUri(), "run", Map.of(), MonotonicTime.SYSTEM)) {
      new LocalRun(federation, study, SITES, clock, new SecureRandom())
          .inOneJvm(
              folder.resolve("out"),
              SharedSpark::session,
              exchange,
              Duration.ofMinutes(1),
              recorder,
              recorder);
    }
    if (!recorder.troubles().isEmpty()) {
      throw new AssertionError(recorder.troubles());
    }
    return federation;
  }
}
