package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.model.Population;
import io.tributary.protocol.model.Situation;
import io.tributary.study.SiteId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The product's {@link PopulationBook}, asked by the model checker. A copy is a book rebuilt from
 * its records, as after a restart.
 */
public final class BookPopulation implements Population {
  private static final Digest STUDY = Digest.sha256(new byte[] {1});
  private static final Digest PAGE = Digest.sha256(new byte[] {2});

  private final Situation situation;
  private final List<SiteRecord> records;
  private final List<String> history;
  private PopulationBook book;
  private boolean borrowed;

  /** A book with no entry. */
  public BookPopulation(Situation situation) {
    this.situation = situation;
    this.records = new ArrayList<>();
    this.history = new ArrayList<>();
    this.book = new PopulationBook();
  }

  private BookPopulation(BookPopulation from) {
    this.situation = from.situation;
    this.records = new ArrayList<>(from.records);
    this.history = new ArrayList<>(from.history);
    this.book = from.book;
    this.borrowed = true;
  }

  @Override
  public boolean mayAcknowledge(int attempt) {
    return book.refusalOfRoster(roster(attempt)).isEmpty();
  }

  @Override
  public void acknowledged(int attempt) {
    note(
        new SiteRecord.RosterAcked(
            situation.epochOf(attempt), Bytes.EMPTY, Bytes.EMPTY, roster(attempt)),
        "ack " + situation.epochOf(attempt));
  }

  @Override
  public boolean acknowledgementsBind() {
    return true;
  }

  @Override
  public boolean mayUpload(int attempt) {
    return book.refusalOfUpload(roster(attempt)).isEmpty();
  }

  @Override
  public void uploaded(int attempt) {
    note(
        new SiteRecord.FrameMasked(id(attempt), 0, Digest.ZERO, Digest.ZERO),
        "upload " + situation.epochOf(attempt));
  }

  @Override
  public boolean mayOpen(int attempt, int members) {
    return book.refusalOfContributors(roster(attempt), ids(members)).isEmpty();
  }

  @Override
  public void answered(int attempt, int members) {
    List<SiteId> order = List.copyOf(ids(situation.rosterOf(attempt)));
    int[] indices = ids(members).stream().mapToInt(order::indexOf).toArray();
    note(
        new SiteRecord.AnswerGiven(
            id(attempt), SiteSet.of(order.size(), indices), Digest.ZERO, Bytes.EMPTY),
        "answer " + situation.epochOf(attempt) + ' ' + members);
  }

  private void note(SiteRecord record, String event) {
    if (borrowed) {
      book = new PopulationBook();
      records.forEach(earlier -> book.note(STUDY, earlier));
      borrowed = false;
    }
    records.add(record);
    book.note(STUDY, record);
    // What is said twice changes nothing: the book knows of first times only.
    if (!history.contains(event)) {
      history.add(event);
    }
  }

  private AttemptId id(int attempt) {
    return new AttemptId(situation.epochOf(attempt), 0, attempt, 0);
  }

  private BoundRoster roster(int attempt) {
    Set<SiteId> ids = ids(situation.rosterOf(attempt));
    return new BoundRoster(
        PAGE,
        List.copyOf(ids),
        ids(situation.rosterOf(attempt) & ~situation.declared()),
        situation.shapeOf(attempt),
        situation.leastOf(attempt),
        situation.colluders());
  }

  private static Set<SiteId> ids(int mask) {
    Set<SiteId> ids = new TreeSet<>();
    for (int i = 0; i < Integer.SIZE; i++) {
      if ((mask >> i & 1) != 0) {
        ids.add(new SiteId("s" + i));
      }
    }
    return ids;
  }

  @Override
  public Population copy() {
    return new BookPopulation(this);
  }

  @Override
  public Object state() {
    return List.copyOf(history);
  }
}
