package io.tributary.protocol.site;

import io.tributary.codec.Digest;
import io.tributary.identity.SigningIdentity;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.Message;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StudyTerms;
import io.tributary.study.SiteId;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.function.LongFunction;

/**
 * What a site's states work with besides their own data.
 *
 * @param terms study and pinned consortium file
 * @param self this site
 * @param identity its signing key
 * @param declarations its steward's, for the study's dataset
 * @param secrets of this study
 * @param book populations over all studies, shared
 * @param anchor the head of its evidence journal, if it keeps one, to become the nonce of the
 *     EpochKey of an epoch (PROTOCOL.md 2.12)
 * @param random source of keys and rho
 */
public record SiteEnvironment(
    StudyTerms terms,
    SiteId self,
    SigningIdentity identity,
    Declarations declarations,
    SiteSecrets secrets,
    PopulationBook book,
    LongFunction<Optional<Digest>> anchor,
    SecureRandom random) {

  /** Signs a message as this site. */
  SignedObject sign(Message message) {
    return SignedObject.sign(self.value(), message, identity);
  }

  @Override
  public String toString() {
    return "SiteEnvironment[" + self + "]";
  }
}
