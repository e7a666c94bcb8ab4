package io.tributary.protocol.coordinator;

import io.tributary.identity.SigningIdentity;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StudyTerms;
import java.security.SecureRandom;

/**
 * What a coordinator's states work with besides their own data.
 *
 * @param terms study and pinned consortium file
 * @param identity its signing key
 * @param secrets of this study
 * @param book contributor sets over all studies, shared
 * @param random source of keys and salts
 */
public record CoordinatorEnvironment(
    StudyTerms terms,
    SigningIdentity identity,
    CoordinatorSecrets secrets,
    ContributorBook book,
    SecureRandom random) {

  /** Signs a message as the coordinator. */
  SignedObject sign(Message message) {
    return SignedObject.sign(terms.coordinator(), message, identity);
  }

  @Override
  public String toString() {
    return "CoordinatorEnvironment[" + terms + "]";
  }
}
