package io.tributary.jobs.coordinator;

import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorListener.RoundTaken;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.study.Study;
import io.tributary.study.TributaryException;
import java.nio.file.Path;

/** What the coordinator tells the engineer who runs it. Called on several threads. */
public interface CoordinatorNotices {
  /** The coordinator serves from here on. */
  void ready();

  /** A study was announced and its signature holds. */
  void studyTaken(Study study, Digest digest);

  /** A study is not run. */
  void studyRefused(Digest digest, TributaryException why);

  /** The study's phase, or whom it waits for, has changed. */
  void status(Study study, Digest digest, CoordinatorPump.Status status);

  /** A sum was taken. */
  void roundTaken(Study study, Digest digest, RoundTaken round);

  /** An analysis was given up; the others go on. */
  void analysisFailed(Study study, String analysis, TributaryException why);

  /** An object of a site was not taken. */
  void refusedObject(String name, TributaryException why);

  /** The results lie in a folder. */
  void released(Study study, Digest digest, Path results);

  /** The study ended with an error. */
  void studyFailed(Digest digest, TributaryException why);
}
