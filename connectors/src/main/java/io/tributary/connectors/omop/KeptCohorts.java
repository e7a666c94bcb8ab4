package io.tributary.connectors.omop;

import io.tributary.study.SiteConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Cohorts that studies of one site asked for lately. A study that asks another question about the
 * same definition and covariates, over files that are the same, takes the rows as they are kept;
 * where the files cannot be looked at, as in a database, each study evaluates for itself. Safe for
 * several threads.
 */
public final class KeptCohorts implements AutoCloseable {
  /**
   * Spark moves what does not fit from memory to disk, so this bounds the disk more than memory.
   */
  private static final int MOST = 4;

  private record Question(
      SiteConfig.Source source, String definition, Map<String, Object> covariates, String files) {}

  private static final class Kept {
    private final Question question;
    private Optional<CohortTable> cohort = Optional.empty();
    private int users;
    private long turn;

    Kept(Question question) {
      this.question = question;
    }
  }

  /** A cohort in use, until it is closed. */
  public record Use(CohortTable cohort, Runnable release) implements AutoCloseable {
    @Override
    public void close() {
      release.run();
    }
  }

  private final Map<Question, Kept> all = new HashMap<>();
  private long turns;

  /**
   * The cohort as it is kept, or evaluated now.
   *
   * @param definition as the study has it
   * @param covariates as the study has them
   * @param evaluation makes the cohort
   */
  Use use(
      SiteConfig.Source source,
      String definition,
      Map<String, Object> covariates,
      Supplier<CohortTable> evaluation) {
    Optional<String> files = files(source);
    if (files.isEmpty()) {
      CohortTable own = evaluation.get();
      return new Use(own, own::close);
    }
    Kept kept = taken(new Question(source, definition, covariates, files.get()));
    try {
      // Whoever asks for the same meanwhile waits; others do not.
      synchronized (kept) {
        if (kept.cohort.isEmpty()) {
          kept.cohort = Optional.of(evaluation.get());
          if (!files(source).equals(files)) {
            // Written to while they were read: nobody else shall have these rows.
            forget(kept);
          }
        }
      }
    } catch (RuntimeException failed) {
      forget(kept);
      given(kept);
      throw failed;
    }
    return new Use(kept.cohort.get(), () -> given(kept));
  }

  private static Optional<String> files(SiteConfig.Source source) {
    return source instanceof SiteConfig.Omop omop
        ? RecordFiles.state(Path.of(omop.path()))
        : Optional.empty();
  }

  private synchronized Kept taken(Question question) {
    Kept kept = all.computeIfAbsent(question, Kept::new);
    kept.users++;
    kept.turn = ++turns;
    return kept;
  }

  private synchronized void forget(Kept kept) {
    all.remove(kept.question, kept);
  }

  /** A study is over; what is too much and in nobody's use goes. */
  private void given(Kept kept) {
    List<Kept> gone = new ArrayList<>();
    synchronized (this) {
      kept.users--;
      if (kept.users == 0 && all.get(kept.question) != kept) {
        gone.add(kept);
      }
      all.values().stream()
          .filter(each -> each.users == 0)
          .sorted(Comparator.comparingLong((Kept each) -> each.turn).reversed())
          .skip(MOST)
          .forEach(gone::add);
      gone.forEach(each -> all.remove(each.question, each));
    }
    gone.forEach(each -> each.cohort.ifPresent(CohortTable::close));
  }

  /** Gives all back that no study uses. */
  @Override
  public void close() {
    List<Kept> gone;
    synchronized (this) {
      gone = all.values().stream().filter(each -> each.users == 0).toList();
      all.clear();
    }
    gone.forEach(each -> each.cohort.ifPresent(CohortTable::close));
  }
}
