package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.identity.AgreementKey;
import io.tributary.identity.SigningIdentity;
import io.tributary.masking.RoundTerms;
import io.tributary.protocol.AttemptId;
import io.tributary.protocol.Bytes;
import io.tributary.protocol.Message;
import io.tributary.protocol.Place;
import io.tributary.protocol.SignedObject;
import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * A coordinator that speaks the protocol and lies (PROTOCOL.md 1): every attack ends at the sites,
 * with a code, and without an answer.
 */
class CoordinatorAttacksTest {
  private static final int SITES = 5;

  /** Runs a study whose coordinator's messages pass through a lie. */
  private static Federation.Run attacked(
      Federation federation, Map<SiteId, long[]> data, LyingExchange.Lie lie) {
    federation.wrapCoordinatorExchange(
        exchange ->
            new LyingExchange(
                exchange, "coordinator", federation.coordinatorIdentity(), SITES, lie));
    Federation.Run run = run(federation, data);
    run.startAll();
    for (int i = 0; i < 40; i++) {
      run.pass();
    }
    return run;
  }

  private static Federation.Run run(Federation federation, Map<SiteId, long[]> data) {
    Study study = federation.study("attacked", SITES, Optional.empty(), 3, 1);
    return federation.run(study, List.of(StepSums.of(SITES, 3, 2)), data);
  }

  private static void requireRefused(Federation.Run run, ErrorCode code, Map<SiteId, long[]> at) {
    for (SiteId site : at.keySet()) {
      assertThat(run.refusedAt.get(site)).as("at %s", site).contains(code);
    }
  }

  private static void requireNone(Federation federation, Federation.Run run, String kind) {
    assertThat(run.coordinator().results()).isEmpty();
    assertThat(federation.exchange().list("studies")).noneMatch(name -> name.contains(kind));
  }

  /** Only messages of one kind are changed. */
  private static <M extends Message> LyingExchange.Lie changing(
      Class<M> kind, UnaryOperator<M> change) {
    return (name, message) ->
        List.of(kind.isInstance(message) ? change.apply(kind.cast(message)) : message);
  }

  // ---- set-up
  // ------------------------------------------------------------------------------------

  private static Bytes ownKey(Message.RosterProposal proposal, String site, SecureRandom random) {
    Message.EpochKey theirs =
        (Message.EpochKey) SignedObject.decode(proposal.keys().get(0).toArray()).message(1);
    Message.EpochKey mine =
        new Message.EpochKey(
            theirs.study(),
            theirs.epoch(),
            Bytes.take(AgreementKey.generate(random).publicKey()),
            theirs.nonce(),
            theirs.declarations());
    return SignedObject.sign(site, mine, SigningIdentity.generate(random)).encoded();
  }

  private static Message.RosterProposal with(
      Message.RosterProposal proposal, int index, Optional<Bytes> key) {
    List<Bytes> keys = new ArrayList<>(proposal.keys());
    if (key.isPresent()) {
      keys.set(index, key.get());
    } else {
      keys.remove(index);
    }
    return new Message.RosterProposal(proposal.study(), proposal.epoch(), proposal.shape(), keys);
  }

  @Test
  void keyOfTheCoordinatorsMakingIsNotASites() throws Exception {
    SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
    random.setSeed(1);
    try (Federation federation = new Federation(SITES, 71)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.RosterProposal.class,
                  proposal ->
                      with(
                          proposal,
                          1,
                          Optional.of(ownKey(proposal, Federation.id(1).value(), random)))));
      requireRefused(run, ErrorCode.BAD_SIGNATURE, data);
      requireNone(federation, run, "/ack-");
    }
  }

  @Test
  void inventedSiteIsInNoRoster() throws Exception {
    SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
    random.setSeed(2);
    try (Federation federation = new Federation(SITES, 72)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.RosterProposal.class,
                  proposal ->
                      with(proposal, 4, Optional.of(ownKey(proposal, "site-900", random)))));
      requireRefused(run, ErrorCode.BAD_MESSAGE, data);
      requireNone(federation, run, "/ack-");
    }
  }

  @Test
  void weakerShapeThanTheStudysIsRefused() {
    try (Federation federation = new Federation(SITES, 73)) {
      Map<SiteId, long[]> data = federation.data(3);
      Study study = federation.study("all", SITES, Optional.of(Study.Shape.ALL), 3, 1);
      federation.wrapCoordinatorExchange(
          exchange ->
              new LyingExchange(
                  exchange,
                  "coordinator",
                  federation.coordinatorIdentity(),
                  SITES,
                  changing(
                      Message.RosterProposal.class,
                      proposal ->
                          new Message.RosterProposal(
                              proposal.study(),
                              proposal.epoch(),
                              Study.Shape.QUORUM,
                              proposal.keys()))));
      Federation.Run run = federation.run(study, List.of(StepSums.of(SITES, 3, 1)), data);
      run.startAll();
      for (int i = 0; i < 6; i++) {
        run.pass();
      }
      requireNone(federation, run, "/ack-");
      assertThat(federation.exchange().list("studies"))
          .filteredOn(name -> name.contains("e0000000001/setup/refusal-"))
          .hasSize(SITES);
    }
  }

  @Test
  void siteShownAnotherRosterThanTheOthersActivatesNothing() {
    try (Federation federation = new Federation(SITES, 74)) {
      Map<SiteId, long[]> data = federation.data(3);
      SiteId victim = Federation.id(0);
      // The victim sees a roster without the last site; everybody signs what it sees.
      federation.wrapExchange(
          victim,
          exchange ->
              new ShownExchange(
                  exchange,
                  federation.coordinatorIdentity(),
                  "/1-roster-",
                  message -> with((Message.RosterProposal) message, 4, Optional.empty())));
      Federation.Run run = run(federation, data);
      run.startAll();
      for (int i = 0; i < 8; i++) {
        run.pass();
      }
      requireNone(federation, run, "/upload-");
      assertThat(run.coordinator().study().live()).isEmpty();
    }
  }

  // ---- one sum
  // -----------------------------------------------------------------------------------

  @Test
  void certificateWithASignatureTooFewIsRefused() {
    try (Federation federation = new Federation(SITES, 75)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.Certificate.class,
                  certificate ->
                      new Message.Certificate(
                          certificate.round(),
                          certificate.contributors(),
                          certificate.uploads(),
                          certificate.signatures().subList(0, 3))));
      requireRefused(run, ErrorCode.THRESHOLD_LOST, data);
      requireNone(federation, run, "/unmask-");
    }
  }

  @Test
  void certificateWithASignatureTwiceIsNoMessage() {
    Message.Certificate.MemberSignature one =
        new Message.Certificate.MemberSignature(1, Bytes.of(new byte[64]));
    assertThatThrownBy(
            () ->
                new Message.Certificate(
                    Digest.ZERO,
                    SiteSet.all(3),
                    List.of(Digest.ZERO, Digest.ZERO, Digest.ZERO),
                    List.of(one, one)))
        .hasMessageContaining(ErrorCode.BAD_MESSAGE.name());
  }

  @Test
  void certificateWithAForgedSignatureIsRefused() {
    try (Federation federation = new Federation(SITES, 76)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.Certificate.class,
                  certificate -> {
                    List<Message.Certificate.MemberSignature> signatures =
                        new ArrayList<>(certificate.signatures());
                    signatures.set(
                        2,
                        new Message.Certificate.MemberSignature(
                            signatures.get(2).site(), signatures.get(1).signature()));
                    return new Message.Certificate(
                        certificate.round(),
                        certificate.contributors(),
                        certificate.uploads(),
                        signatures);
                  }));
      requireRefused(run, ErrorCode.BAD_SIGNATURE, data);
      requireNone(federation, run, "/unmask-");
    }
  }

  @Test
  void certificateForAnotherSetThanWasSignedIsNotAnswered() {
    try (Federation federation = new Federation(SITES, 77)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.Certificate.class,
                  certificate ->
                      new Message.Certificate(
                          certificate.round(),
                          SiteSet.of(SITES, 0, 1, 2, 3),
                          certificate.uploads().subList(0, 4),
                          certificate.signatures().stream()
                              .filter(signature -> signature.site() < 4)
                              .toList())));
      requireNone(federation, run, "/unmask-");
      assertThat(federation.exchange().list("studies"))
          .filteredOn(name -> name.contains("/signature-"))
          .hasSize(SITES);
    }
  }

  @Test
  void setBelowTheThresholdIsNotSigned() {
    try (Federation federation = new Federation(SITES, 78)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.SurvivorSet.class,
                  set ->
                      new Message.SurvivorSet(
                          set.round(), SiteSet.of(SITES, 0, 1), set.uploads().subList(0, 2))));
      assertThat(run.refusedAt.get(Federation.id(0))).contains(ErrorCode.ROSTER_TOO_WEAK);
      assertThat(run.refusedAt.get(Federation.id(1))).contains(ErrorCode.ROSTER_TOO_WEAK);
      requireNone(federation, run, "/signature-");
    }
  }

  /** The victim has uploaded and is told that it dropped out: it opens nothing. */
  @Test
  void siteThatIsListedAsGoneSignsAndAnswersNothing() {
    try (Federation federation = new Federation(SITES, 84)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.SurvivorSet.class,
                  set -> {
                    List<Digest> uploads = new ArrayList<>(set.uploads());
                    uploads.remove(0);
                    return new Message.SurvivorSet(
                        set.round(), without(set.contributors(), 0), uploads);
                  }));
      List<String> written = federation.exchange().list("studies");
      assertThat(written).anyMatch(name -> name.contains("/upload-" + Federation.id(0) + "-"));
      assertThat(written)
          .noneMatch(name -> name.contains("/signature-" + Federation.id(0) + "-"))
          .noneMatch(name -> name.contains("/unmask-"));
      assertThat(run.coordinator().results()).isEmpty();
    }
  }

  private static SiteSet without(SiteSet set, int index) {
    return set.minus(SiteSet.of(set.rosterSize(), index));
  }

  /** A step that is over is asked for once more: its keys are gone, and nobody answers. */
  @Test
  void olderStepThanTheLastOneIsNotTakenAgain() {
    try (Federation federation = new Federation(SITES, 85)) {
      Map<SiteId, long[]> data = federation.data(3);
      Message.RoundOpen[] first = new Message.RoundOpen[1];
      boolean[] asked = new boolean[1];
      Federation.Run run =
          attacked(
              federation,
              data,
              (name, message) -> {
                if (message instanceof Message.RoundOpen open && name.contains("/s00000/a00/")) {
                  first[0] = open;
                }
                if (message instanceof Message.RoundOpen
                    && name.contains("/s00001/")
                    && !asked[0]) {
                  asked[0] = true;
                  LyingExchange.say(
                      federation.exchange(),
                      studyIn(name),
                      federation.coordinatorIdentity(),
                      Place.attempt(new AttemptId(epochIn(name), 0, 0, 1)),
                      again(first[0]));
                }
                return List.of(message);
              });
      assertThat(asked[0]).isTrue();
      List<String> written = federation.exchange().list("studies");
      assertThat(written).anyMatch(name -> name.contains("/s00000/a01/0-open-"));
      assertThat(written)
          .filteredOn(name -> name.contains("/s00000/a01/"))
          .noneMatch(name -> name.contains("/upload-") || name.contains("/f/"));
      assertThat(run.coordinator().results())
          .isEqualTo(
              Map.of(
                  0,
                  List.of(
                      Federation.expected(data, data.keySet(), 0),
                      Federation.expected(data, data.keySet(), 1))));
    }
  }

  private static Digest studyIn(String name) {
    return Digest.ofHex(name.split("/")[1]);
  }

  private static long epochIn(String name) {
    return Long.parseLong(name.split("/")[3].substring(1));
  }

  private static Message.RoundOpen again(Message.RoundOpen open) {
    RoundTerms terms = open.terms();
    return new Message.RoundOpen(
        open.epochContext(),
        new RoundTerms(
            terms.job(),
            terms.step(),
            terms.attempt() + 1,
            terms.participants(),
            terms.layout(),
            terms.broadcast(),
            terms.query(),
            terms.dp(),
            terms.previousTranscript()),
        open.deadlineEpochSecond(),
        open.payload(),
        open.previous(),
        open.sealedSum());
  }

  @Test
  void setOverAnUploadThatASiteDidNotMakeIsNotSigned() {
    try (Federation federation = new Federation(SITES, 79)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.SurvivorSet.class,
                  set -> {
                    List<Digest> uploads = new ArrayList<>(set.uploads());
                    Collections.reverse(uploads);
                    uploads.set(2, Digest.ZERO);
                    return new Message.SurvivorSet(set.round(), set.contributors(), uploads);
                  }));
      requireRefused(run, ErrorCode.CONTEXT_MISMATCH, data);
      requireNone(federation, run, "/signature-");
    }
  }

  @Test
  void siteAskedAnotherQuestionThanTheOthersIsInNoSum() {
    try (Federation federation = new Federation(SITES, 80)) {
      Map<SiteId, long[]> data = federation.data(3);
      SiteId victim = Federation.id(0);
      federation.wrapExchange(
          victim,
          exchange ->
              new ShownExchange(
                  exchange,
                  federation.coordinatorIdentity(),
                  "/0-open-",
                  message ->
                      message instanceof Message.RoundOpen open ? otherQuestion(open) : message));
      Federation.Run run = run(federation, data);
      run.startAll();
      for (int i = 0; i < 40; i++) {
        run.pass();
        run.letTimePass(Duration.ofMinutes(2));
      }
      assertThat(run.refusedAt.get(victim)).contains(ErrorCode.STATE_UPDATE_MISMATCH);
      assertThat(run.coordinator().results().values())
          .allSatisfy(
              result ->
                  assertThat(((List<?>) result).get(0))
                      .isEqualTo(
                          Federation.expected(
                              data,
                              data.keySet().stream().filter(id -> !id.equals(victim)).toList(),
                              0)));
      assertThat(federation.exchange().list("studies"))
          .noneMatch(name -> name.contains("/unmask-" + victim));
    }
  }

  private static Message otherQuestion(Message.RoundOpen open) {
    byte[] payload = open.payload().toArray();
    payload[3] ^= 1;
    RoundTerms terms = open.terms();
    return new Message.RoundOpen(
        open.epochContext(),
        new RoundTerms(
            terms.job(),
            terms.step(),
            terms.attempt(),
            terms.participants(),
            terms.layout(),
            Digest.sha256(payload),
            terms.query(),
            terms.dp(),
            terms.previousTranscript()),
        open.deadlineEpochSecond(),
        Bytes.take(payload),
        open.previous(),
        open.sealedSum());
  }

  @Test
  void firstQuestionIsTheStudysOwn() {
    try (Federation federation = new Federation(SITES, 83)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              (name, message) ->
                  List.of(
                      message instanceof Message.RoundOpen open ? otherQuestion(open) : message));
      requireRefused(run, ErrorCode.STATE_UPDATE_MISMATCH, data);
      requireNone(federation, run, "/upload-");
      assertThat(run.coordinator().failures().get(0).code())
          .isEqualTo(ErrorCode.STATE_UPDATE_MISMATCH);
    }
  }

  @Test
  void layoutOrQueryOfAnotherStudyIsDeclined() {
    try (Federation federation = new Federation(SITES, 81)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.RoundOpen.class,
                  open -> {
                    RoundTerms terms = open.terms();
                    return new Message.RoundOpen(
                        open.epochContext(),
                        new RoundTerms(
                            terms.job(),
                            terms.step(),
                            terms.attempt(),
                            terms.participants(),
                            terms.layout(),
                            terms.broadcast(),
                            Digest.sha256(new byte[] {9}),
                            terms.dp(),
                            terms.previousTranscript()),
                        open.deadlineEpochSecond(),
                        open.payload(),
                        open.previous(),
                        open.sealedSum());
                  }));
      assertThat(run.declined).contains(ErrorCode.CONTEXT_MISMATCH);
      requireNone(federation, run, "/upload-");
    }
  }

  @Test
  void certificateOfAnotherStudyIsNotAnswered() {
    try (Federation federation = new Federation(SITES, 82)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, data);
      run.startAll();
      run.finish();
      assertThat(run.coordinator().results()).hasSize(1);
      // The certificate of the finished study, shown again in the place of another step.
      Exchange exchange = federation.exchange();
      String certificate =
          exchange.list("studies").stream()
              .filter(name -> name.contains("/s00000/") && name.contains("/2-certificate-"))
              .findFirst()
              .orElseThrow();
      SignedObject object = SignedObject.decode(exchange.get(certificate).orElseThrow());
      Study other = federation.study("other", SITES, Optional.empty(), 3, 1);
      Federation.Run second = federation.run(other, List.of(StepSums.of(SITES, 3, 1)), data);
      second.startAll();
      while (second.coordinator().study().round(0).isEmpty()) {
        second.pass();
      }
      for (int i = 0; i < 2; i++) {
        data.keySet().forEach(id -> second.site(id).poll());
      }
      exchange.put(
          new ObjectNames(second.terms().studyDigest())
              .ofCoordinator(Place.attempt(new AttemptId(1, 0, 0, 0)), object),
          object.encoded().toArray());
      data.keySet().forEach(id -> second.site(id).poll());
      assertThat(exchange.list("studies/" + second.terms().studyDigest().hex()))
          .noneMatch(name -> name.contains("/unmask-"));
      second.finish();
      assertThat(second.coordinator().results()).hasSize(1);
    }
  }

  /** A set over a sixth site, of a roster that has five. */
  @Test
  void setWithASiteThatIsNotInTheRosterIsNoMessage() {
    try (Federation federation = new Federation(SITES, 86)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.SurvivorSet.class,
                  set -> {
                    List<Digest> uploads = new ArrayList<>(set.uploads());
                    uploads.add(Digest.ZERO);
                    return new Message.SurvivorSet(set.round(), SiteSet.all(SITES + 1), uploads);
                  }));
      requireRefused(run, ErrorCode.BAD_MESSAGE, data);
      requireNone(federation, run, "/signature-");
    }
  }

  @Test
  void roundUnderAnotherEpochsContextIsRefused() {
    try (Federation federation = new Federation(SITES, 87)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run =
          attacked(
              federation,
              data,
              changing(
                  Message.RoundOpen.class,
                  open ->
                      new Message.RoundOpen(
                          Digest.sha256(new byte[] {1}),
                          open.terms(),
                          open.deadlineEpochSecond(),
                          open.payload(),
                          open.previous(),
                          open.sealedSum())));
      requireRefused(run, ErrorCode.BAD_MESSAGE, data);
      requireNone(federation, run, "/upload-");
    }
  }

  /** An epoch that was given up is opened once more: no key is made for it. */
  @Test
  void epochThatIsOverIsNotOpenedAgain() {
    try (Federation federation = new Federation(SITES, 88)) {
      Map<SiteId, long[]> data = federation.data(3);
      Federation.Run run = run(federation, data);
      run.startAll();
      run.finish();
      assertThat(run.coordinator().results()).hasSize(1);
      Exchange exchange = federation.exchange();
      String first =
          exchange.list("studies").stream()
              .filter(name -> name.contains("/c/e") && !name.contains("/j"))
              .filter(name -> name.contains("/0-open-"))
              .findFirst()
              .orElseThrow();
      Message.EpochOpen open =
          (Message.EpochOpen) SignedObject.decode(exchange.get(first).orElseThrow()).message(SITES);
      LyingExchange.say(
          exchange,
          studyIn(first),
          federation.coordinatorIdentity(),
          Place.epoch(open.epoch()),
          new Message.EpochOpen(
              open.study(),
              open.epoch(),
              open.suite(),
              open.consortium(),
              Bytes.take(AgreementKey.generate(new SecureRandom()).publicKey())));
      for (int i = 0; i < 4; i++) {
        data.keySet().forEach(id -> run.site(id).poll());
      }
      assertThat(exchange.list("studies"))
          .filteredOn(name -> name.contains("/setup/") && name.contains("key-"))
          .hasSize(SITES);
    }
  }

  /** A certificate and boxes of the step before, over this step's uploads. */
  @Test
  void certificateOfAnotherAttemptIsNotAnswered() {
    try (Federation federation = new Federation(SITES, 89)) {
      Map<SiteId, long[]> data = federation.data(3);
      Message.Certificate[] first = new Message.Certificate[1];
      Federation.Run run =
          attacked(
              federation,
              data,
              (name, message) -> {
                if (message instanceof Message.Certificate certificate) {
                  if (name.contains("/s00000/")) {
                    first[0] = certificate;
                  } else {
                    return List.of(
                        new Message.Certificate(
                            first[0].round(),
                            certificate.contributors(),
                            certificate.uploads(),
                            certificate.signatures()));
                  }
                }
                if (message instanceof Message.Boxes boxes && name.contains("/s00001/")) {
                  return List.of(new Message.Boxes(first[0].round(), boxes.to(), boxes.boxes()));
                }
                return List.of(message);
              });
      assertThat(first[0]).isNotNull();
      List<String> ofNextStep =
          federation.exchange().list("studies").stream()
              .filter(name -> name.contains("/s00001/"))
              .toList();
      assertThat(ofNextStep).noneMatch(name -> name.contains("/unmask-"));
      assertThat(ofNextStep)
          .filteredOn(name -> name.contains("/dead-"))
          .hasSize(SITES)
          .allSatisfy(
              name ->
                  assertThat(
                          SignedObject.decode(federation.exchange().get(name).orElseThrow())
                              .message(SITES))
                      .isInstanceOfSatisfying(
                          Message.AttemptDead.class,
                          dead -> assertThat(dead.code()).isEqualTo(ErrorCode.EQUIVOCATION)));
      assertThat(run.coordinator().results()).isEmpty();
    }
  }

  /** The certificate is shown again after it was answered: the answer stays one. */
  @Test
  void certificateThatIsShownAgainHasOneAnswer() {
    try (Federation federation = new Federation(SITES, 90)) {
      Map<SiteId, long[]> data = federation.data(3);
      boolean[] again = new boolean[1];
      Federation.Run run =
          attacked(
              federation,
              data,
              (name, message) -> {
                // At its next question: every site has answered the one before.
                if (message instanceof Message.RoundOpen && name.contains("/s00001/")) {
                  String certificate =
                      federation.exchange().list("studies").stream()
                          .filter(
                              each -> each.contains("/s00000/") && each.contains("/2-certificate-"))
                          .findFirst()
                          .orElseThrow();
                  Message.Certificate said =
                      (Message.Certificate)
                          SignedObject.decode(federation.exchange().get(certificate).orElseThrow())
                              .message(SITES);
                  List<Message.Certificate.MemberSignature> fewer =
                      said.signatures().subList(0, said.signatures().size() - 1);
                  again[0] = true;
                  LyingExchange.say(
                      federation.exchange(),
                      studyIn(name),
                      federation.coordinatorIdentity(),
                      Place.attempt(new AttemptId(epochIn(name), 0, 0, 0)),
                      new Message.Certificate(
                          said.round(), said.contributors(), said.uploads(), fewer));
                }
                return List.of(message);
              });
      assertThat(again[0]).isTrue();
      for (SiteId site : data.keySet()) {
        assertThat(federation.exchange().list("studies"))
            .filteredOn(name -> name.contains("/s00000/") && name.contains("/unmask-" + site + "-"))
            .hasSize(1);
      }
      assertThat(run.coordinator().results()).hasSize(1);
    }
  }

  /** Beyond the last job, sum and attempt: a number that no study has is no message. */
  @Test
  void numbersOfARoundHaveEnds() {
    RoundTerms last = terms(255, 65_535, 15);
    assertThat(last.step()).isEqualTo(65_535);
    for (int[] beyond : new int[][] {{256, 1, 0}, {0, 65_536, 0}, {0, 1, 16}, {0, -1, 0}}) {
      assertThatThrownBy(() -> terms(beyond[0], beyond[1], beyond[2]))
          .hasMessageContaining(ErrorCode.BAD_MESSAGE.name());
    }
  }

  private static RoundTerms terms(int job, int step, int attempt) {
    Digest any = Digest.sha256(new byte[] {1});
    return new RoundTerms(job, step, attempt, SiteSet.all(SITES), any, any, any, any, any);
  }
}
