package io.tributary.jobs.local;

import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorListener.RoundTaken;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.jobs.coordinator.CoordinatorNotices;
import io.tributary.jobs.site.SiteNotices;
import io.tributary.protocol.AttemptId;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what went wrong in a run, for a failing test to show. */
final class Recorder implements CoordinatorNotices, SiteNotices {
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private volatile Set<SiteId> waitingFor = Set.of();

  List<String> troubles() {
    return troubles;
  }

  /** Sites that the coordinator waits for, as it said last. */
  Set<SiteId> waitingFor() {
    return waitingFor;
  }

  private void note(TributaryException why) {
    troubles.add(why.getMessage());
  }

  @Override
  public void ready() {}

  @Override
  public void studyAwaitsSteward(Study study, Digest digest) {}

  @Override
  public void studyTaken(Study study, Digest digest) {}

  @Override
  public void studyRefused(Digest digest, TributaryException why) {
    note(why);
  }

  @Override
  public void status(Study study, Digest digest, CoordinatorPump.Status status) {
    waitingFor = status.waitingFor();
  }

  @Override
  public void roundTaken(Study study, Digest digest, RoundTaken round) {}

  @Override
  public void analysisFailed(Study study, String analysis, TributaryException why) {
    note(why);
  }

  @Override
  public void refusedObject(String name, TributaryException why) {
    note(why);
  }

  @Override
  public void released(Study study, Digest digest, Path results) {}

  @Override
  public void studyFailed(Digest digest, TributaryException why) {
    note(why);
  }

  @Override
  public void attempt(Study study, AttemptId id, String state) {}

  @Override
  public void sent(Study study, AttemptId id, int frame, int frames, int bytes) {}

  @Override
  public void declined(Study study, AttemptId id, TributaryException why) {
    note(why);
  }

  @Override
  public void studyEnded(Study study, Digest digest) {}

  @Override
  public void exchangeLost(TributaryException why) {
    note(why);
  }
}
