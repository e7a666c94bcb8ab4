package io.tributary.protocol.coordinator;

import io.tributary.codec.Digest;
import io.tributary.protocol.Message;
import io.tributary.protocol.StateStore;
import io.tributary.protocol.StepId;
import io.tributary.study.Errors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What a coordinator remembers over all its studies: its store, and the contributor book rebuilt
 * from it. One a process; shared by the pumps of all studies. Thread-safe.
 */
public final class CoordinatorMemory {
  /** Place of a sum's state beside its frames, and beside what proves it. */
  private static final int STATE = Message.MAX_FRAMES + 1;

  private final StateStore store;
  private final ContributorBook book = new ContributorBook();

  /** Reads the journal. */
  public CoordinatorMemory(StateStore store) {
    this.store = store;
    store.replay((study, record) -> book.note(study, CoordinatorRecord.decode(record)));
  }

  public ContributorBook book() {
    return book;
  }

  /** Records of one study in order. */
  public List<CoordinatorRecord> records(Digest study) {
    List<CoordinatorRecord> records = new ArrayList<>();
    store.replay(study, (owner, record) -> records.add(CoordinatorRecord.decode(record)));
    return records;
  }

  /** Secrets of one study, as they were saved last. */
  public CoordinatorSecrets secrets(Digest study) {
    Optional<byte[]> stored = store.secrets(study);
    return stored.map(CoordinatorSecrets::decode).orElseGet(CoordinatorSecrets::new);
  }

  /** Saves the secrets of one study durably. */
  public void save(Digest study, CoordinatorSecrets secrets) {
    byte[] plaintext = secrets.encode();
    store.replaceSecrets(study, plaintext);
    Arrays.fill(plaintext, (byte) 0);
  }

  /** Appends durably, then notes what the record means for the sites' populations. */
  public void append(Digest study, CoordinatorRecord record) {
    store.append(study, record.encode());
    book.note(study, record);
  }

  /** Keeps the words of a frame of a sum until the next step, or the study's end, needs them. */
  public void keep(Digest study, StepId step, int frame, long[] words) {
    store.putWords(study, step, frame, words);
  }

  /** Words that were kept. */
  public long[] words(Digest study, StepId step, int frame) {
    return store
        .words(study, step, frame)
        .orElseThrow(() -> Errors.internal("The sum of step " + step + " is gone.", null));
  }

  /**
   * Keeps, beside the words of a sum, what it is the sum of.
   *
   * @param state as it was announced
   * @param contributors sites in the sum
   */
  public void keepState(Digest study, StepId step, byte[] state, int contributors) {
    long[] words = new long[2 + (state.length + Long.BYTES - 1) / Long.BYTES];
    words[0] = contributors;
    words[1] = state.length;
    byte[] padded = Arrays.copyOf(state, (words.length - 2) * Long.BYTES);
    ByteBuffer.wrap(padded).asLongBuffer().get(words, 2, words.length - 2);
    store.putWords(study, step, STATE, words);
  }

  /** The state of a kept sum. */
  public byte[] state(Digest study, StepId step) {
    long[] words = words(study, step, STATE);
    ByteBuffer bytes = ByteBuffer.allocate((words.length - 2) * Long.BYTES);
    bytes.asLongBuffer().put(words, 2, words.length - 2);
    return Arrays.copyOf(bytes.array(), (int) words[1]);
  }

  /** Sites in a kept sum. */
  public int contributors(Digest study, StepId step) {
    return (int) words(study, step, STATE)[0];
  }

  public void forget(Digest study, StepId step) {
    store.removeWords(study, step);
  }

  @Override
  public String toString() {
    return "CoordinatorMemory[" + book + "]";
  }
}
