package io.tributary.protocol.model;

import io.tributary.analysis.Layout;
import io.tributary.codec.Digest;
import io.tributary.codec.LayoutDigest;
import io.tributary.codec.SiteSet;
import io.tributary.identity.AgreementKey;
import io.tributary.identity.SigningIdentity;
import io.tributary.masking.EpochTerms;
import io.tributary.masking.PairSecret;
import io.tributary.masking.RoundContext;
import io.tributary.masking.RoundTerms;
import io.tributary.privacy.NoisePlan;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Declarations;
import io.tributary.protocol.Message;
import io.tributary.protocol.Roster;
import io.tributary.protocol.SignedObject;
import io.tributary.protocol.StudyTerms;
import io.tributary.study.Consortium;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Everybody but the site under test, with real keys: the coordinator, and the other sites, which
 * sign whatever a test wants signed. Site i is called {@code s} and i, in an organisation of its
 * own.
 */
final class RealParties {
  static final Instant NOW = Instant.ofEpochSecond(1_700_000_000L);
  static final Layout LAYOUT = Layout.of(3).count("n", 1, "person", 1, 1000).build();
  private static final String COORDINATOR = "coordinator";
  private static final int JOBS = 4;
  private static final Bytes PAYLOAD = Bytes.of(new byte[] {2});

  private final Situation situation;
  private final SigningIdentity coordinator = identity(200);
  private final AgreementKey channel;
  private final SigningIdentity[] identities;
  private final AgreementKey[] agreementKeys;
  private final StudyTerms terms;

  RealParties(Situation situation) {
    this.situation = situation;
    SecureRandom random = seeded(0);
    this.channel = AgreementKey.generate(random);
    this.identities = new SigningIdentity[situation.sites()];
    this.agreementKeys = new AgreementKey[situation.sites()];
    List<Consortium.Member> members = new ArrayList<>();
    List<SiteId> ids = new ArrayList<>();
    for (int i = 0; i < identities.length; i++) {
      identities[i] = identity(i);
      agreementKeys[i] = AgreementKey.generate(random);
      ids.add(id(i));
      members.add(
          new Consortium.Member(
              id(i), "organisation " + i, identities[i].verifyingKey().hex(), "00".repeat(32)));
    }
    Consortium consortium =
        new Consortium(
            "model",
            1,
            NOW.minusSeconds(1),
            NOW.plusSeconds(1_000_000),
            members,
            List.of(),
            new Consortium.Party(
                COORDINATOR, "office", coordinator.verifyingKey().hex(), Optional.empty()));
    List<Study.AnalysisSpec> analyses = new ArrayList<>();
    for (int job = 0; job < JOBS; job++) {
      analyses.add(new Study.AnalysisSpec("job-" + job, "summary", Map.of()));
    }
    Study study =
        new Study(
            "model",
            ids,
            3,
            situation.colluders(),
            Optional.empty(),
            "analyst",
            "",
            NOW.plusSeconds(1_000_000),
            new Study.Cohort("all", Optional.empty(), Map.of(), Optional.empty()),
            Map.of(),
            analyses,
            Study.ReleaseFloor.DEFAULT);
    this.terms =
        new StudyTerms(
            consortium, Digest.sha256(new byte[] {3}), study, Digest.sha256(new byte[] {4}));
  }

  /** A generator that gives the same each time, so that a failure can be replayed. */
  static SecureRandom seeded(int seed) {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(seed);
      return random;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  static SiteId id(int site) {
    return new SiteId("s" + site);
  }

  private static SigningIdentity identity(int seed) {
    byte[] bytes = new byte[SigningIdentity.SEED_BYTES];
    Arrays.fill(bytes, (byte) seed);
    return SigningIdentity.ofSeed(bytes);
  }

  StudyTerms terms() {
    return terms;
  }

  SigningIdentity identity(SiteId site) {
    return identities[Integer.parseInt(site.value().substring(1))];
  }

  Declarations declarations(int site) {
    Declarations none = Declarations.none(id(site).value());
    boolean given = (situation.declared() >> site & 1) != 0;
    return given
        ? new Declarations(none.population(), Declarations.Consent.GIVEN, none.scope())
        : none;
  }

  SignedObject epochOpen(long epoch) {
    return byCoordinator(
        new Message.EpochOpen(
            terms.studyDigest(),
            epoch,
            EpochTerms.SUITE,
            terms.consortiumDigest(),
            Bytes.take(channel.publicKey())));
  }

  /** The proposal of a roster; {@code ownKey} is the EpochKey of the site under test. */
  SignedObject proposal(int roster, long epoch, int site, Bytes ownKey) {
    List<Bytes> keys = new ArrayList<>();
    for (int v : members(situation.roster(roster))) {
      keys.add(v == site ? ownKey : epochKey(v, epoch));
    }
    return byCoordinator(
        new Message.RosterProposal(
            terms.studyDigest(), epoch, situation.world().rosters().get(roster), keys));
  }

  private Bytes epochKey(int site, long epoch) {
    return SignedObject.sign(
            id(site).value(),
            new Message.EpochKey(
                terms.studyDigest(),
                epoch,
                Bytes.take(agreementKeys[site].publicKey()),
                Bytes.of(new byte[32]),
                declarations(site)),
            identities[site])
        .encoded();
  }

  /** All acks; those of the others hold the right MAC for the site under test. */
  SignedObject active(long epoch, int site, Roster roster, SignedObject ownAck) {
    int self = roster.indexOf(id(site)).orElseThrow();
    List<Bytes> acks = new ArrayList<>();
    for (int v = 0; v < roster.size(); v++) {
      acks.add(v == self ? ownAck.encoded() : ack(epoch, v, self, roster));
    }
    return byCoordinator(new Message.EpochActive(terms.studyDigest(), epoch, acks));
  }

  private Bytes ack(long epoch, int from, int self, Roster roster) {
    SiteId sender = roster.id(from);
    int global = Integer.parseInt(sender.value().substring(1));
    byte[] agreed = agreementKeys[global].agree(roster.entry(self).agreementKey().toArray());
    PairSecret pair = PairSecret.agree(roster.terms().context(), from, self, agreed);
    List<Digest> confirmations = new ArrayList<>();
    for (int v = 0; v < roster.size(); v++) {
      if (v != from) {
        confirmations.add(v == self ? pair.confirmation(roster.terms().roster()) : Digest.ZERO);
      }
    }
    return SignedObject.sign(
            sender.value(),
            new Message.RosterAck(
                terms.studyDigest(), epoch, roster.terms().roster(), confirmations),
            identities[global])
        .encoded();
  }

  RoundTerms roundTerms(World.Attempt attempt, Roster roster) {
    return new RoundTerms(
        attempt.job(),
        attempt.step(),
        attempt.number(),
        SiteSet.all(roster.size()),
        LayoutDigest.of(LAYOUT),
        Digest.sha256(PAYLOAD.toArray()),
        terms.queryHash(attempt.job()),
        NoisePlan.NONE,
        attempt.step() == 0 ? Digest.ZERO : Digest.sha256(new byte[] {5}));
  }

  SignedObject roundOpen(World.Attempt attempt, Roster roster) {
    return byCoordinator(
        new Message.RoundOpen(
            roster.terms().context(),
            roundTerms(attempt, roster),
            NOW.getEpochSecond(),
            PAYLOAD,
            List.of(),
            List.of()));
  }

  /** What the coordinator says of U in one attempt. */
  record Shown(SiteSet contributors, List<Digest> uploads, Map<Integer, SignedObject> others) {}

  /** U by roster index, with the Upload of the site under test and made-up ones of the others. */
  Shown shown(int members, int site, Roster roster, RoundContext context, SignedObject own) {
    List<Integer> indices = new ArrayList<>();
    List<Digest> uploads = new ArrayList<>();
    Map<Integer, SignedObject> others = new TreeMap<>();
    for (int v : members(members)) {
      int index = roster.indexOf(id(v)).orElseThrow();
      SignedObject upload = v == site ? own : upload(v, roster.size(), context);
      indices.add(index);
      uploads.add(upload.digest());
      if (v != site) {
        others.put(index, upload);
      }
    }
    int[] array = indices.stream().mapToInt(Integer::intValue).toArray();
    return new Shown(SiteSet.of(roster.size(), array), uploads, others);
  }

  private SignedObject upload(int site, int n, RoundContext context) {
    List<Digest> filler = new ArrayList<>();
    for (int v = 1; v < n; v++) {
      filler.add(Digest.ZERO);
    }
    Message upload =
        new Message.Upload(
            context.round(),
            Bytes.of(new byte[32]),
            Digest.ZERO,
            filler,
            filler,
            List.of(Digest.ZERO));
    return SignedObject.sign(id(site).value(), upload, identities[site]);
  }

  /**
   * A certificate with the signatures of all of U that can be had: of every other member, and of
   * the site under test if it signed.
   */
  Message.Certificate certificate(
      Shown shown, RoundContext context, Roster roster, Optional<SignedObject> ownSignature) {
    Message.SurvivorSig set =
        new Message.SurvivorSig(context.round(), shown.contributors(), shown.uploads());
    List<Message.Certificate.MemberSignature> signatures = new ArrayList<>();
    for (int index : shown.contributors().indices()) {
      if (shown.others().containsKey(index)) {
        SigningIdentity identity = identity(roster.id(index));
        signatures.add(
            new Message.Certificate.MemberSignature(
                index, Bytes.take(identity.sign(Digest.sha256(set.body())))));
      } else if (ownSignature.isPresent()) {
        signatures.add(
            new Message.Certificate.MemberSignature(index, ownSignature.get().signature()));
      }
    }
    return new Message.Certificate(
        context.round(), shown.contributors(), shown.uploads(), signatures);
  }

  SignedObject byCoordinator(Message message) {
    return SignedObject.sign(COORDINATOR, message, coordinator);
  }

  private static List<Integer> members(int mask) {
    List<Integer> members = new ArrayList<>();
    for (int i = 0; i < Integer.SIZE; i++) {
      if ((mask >> i & 1) != 0) {
        members.add(i);
      }
    }
    return members;
  }
}
