package io.tributary.protocol;

import io.tributary.codec.Digest;

/**
 * What a pump has to do, in the order given, when a state has changed (PROTOCOL.md 2.8, States).
 */
public sealed interface Effect {
  /** Replace the file of secrets durably: what was erased in memory is gone after this. */
  record SaveSecrets() implements Effect {}

  /** Append a record to the journal durably. */
  record Journal(JournalRecord record) implements Effect {}

  /** Put a signed object on the exchange; sent again after a crash. */
  record Send(Place place, SignedObject object) implements Effect {}

  /** Put a masked frame on the exchange; its hash was journaled before. */
  record SendFrame(AttemptId attempt, int frame, Digest digest, Bytes object) implements Effect {}
}
