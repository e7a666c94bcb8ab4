package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.protocol.PopulationBinding;
import io.tributary.protocol.StateStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * What a site remembers over all its studies: its store, and the population book rebuilt from it.
 * One a process; shared by the pumps of all studies. Thread-safe.
 */
public final class SiteMemory {
  private final StateStore store;
  private final PopulationBook book = new PopulationBook();
  // Whatever has bound a population at some time, as far as the journal knows.
  private final Set<PopulationBinding> noted = ConcurrentHashMap.newKeySet();
  private volatile BiConsumer<Digest, PopulationBinding> keeper = (study, binding) -> {};

  /** Reads the journal. */
  public SiteMemory(StateStore store) {
    this.store = store;
    store.replay(
        (study, record) -> book.note(study, SiteRecord.decode(record)).ifPresent(noted::add));
  }

  public PopulationBook book() {
    return book;
  }

  /** Records of one study in order. */
  public List<SiteRecord> records(Digest study) {
    List<SiteRecord> records = new ArrayList<>();
    store.replay(study, (owner, record) -> records.add(SiteRecord.decode(record)));
    return records;
  }

  /** Secrets of one study, as they were saved last. */
  public SiteSecrets secrets(Digest study) {
    Optional<byte[]> stored = store.secrets(study);
    return stored.map(SiteSecrets::decode).orElseGet(SiteSecrets::new);
  }

  /** Saves the secrets of one study durably. */
  public void save(Digest study, SiteSecrets secrets) {
    byte[] plaintext = secrets.encode();
    store.replaceSecrets(study, plaintext);
    Arrays.fill(plaintext, (byte) 0);
  }

  /**
   * Appends durably, then notes what the record means for the site's populations, and has that
   * kept, before anything that follows from the record can leave.
   */
  public void append(Digest study, SiteRecord record) {
    store.append(study, record.encode());
    Optional<PopulationBinding> binds = book.note(study, record);
    binds.ifPresent(noted::add);
    binds.ifPresent(binding -> keeper.accept(study, binding));
  }

  /**
   * From here on what binds a population is kept elsewhere too. What was kept there before, and
   * never was so by the journal, is newer than the journal, which was lost or set back: it binds.
   *
   * @param kept what was kept, the last of each population
   * @param keep takes a study, or the population's page, and what binds; may be given the same
   *     again
   */
  public void keepBindings(
      Collection<PopulationBinding> kept, BiConsumer<Digest, PopulationBinding> keep) {
    keeper = keep;
    for (PopulationBinding binding : kept) {
      if (!noted.contains(binding)) {
        append(binding.page(), new SiteRecord.PopulationBound(binding));
      }
    }
    book.bindings().forEach(binding -> keep.accept(binding.page(), binding));
  }

  @Override
  public String toString() {
    return "SiteMemory[" + book + "]";
  }
}
