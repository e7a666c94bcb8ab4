package io.tributary.protocol;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.identity.AgreementKey;
import io.tributary.identity.VerifyingKey;
import io.tributary.masking.AttemptRandomness;
import io.tributary.masking.EpochTerms;
import io.tributary.masking.RoundTerms;
import io.tributary.masking.Seal;
import io.tributary.masking.ShareBox;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every message of TRIB-SA-1 (PROTOCOL.md 2.4, 2.5). A message is a canonical object {@code
 * enc(type/v1, context, fields in table order)}; its sender signs the SHA-256 of that, see {@link
 * SignedObject}. Before activation the context is (study digest, epoch), afterwards ctx_epoch or
 * ctx_round. Decoding is strict and trusts nothing: BAD_MESSAGE for whatever is not in form.
 *
 * <p>Frames are objects of their own, see {@code masking.MaskedFrame}.
 */
public sealed interface Message {
  /** Payload of a broadcast: states are parameters, bins or trees, not data. */
  int MAX_PAYLOAD_BYTES = 8 << 20;

  /** A sealed sum of a step with a following step (PROTOCOL.md 2.5, Verified sums). */
  int MAX_SEALED_BYTES = 1 << 20;

  /** Frames of one upload, as many as a layout has blocks. */
  int MAX_FRAMES = 1 << 16;

  /** Bytes of a signed object inside another one. */
  int MAX_NESTED_BYTES = 4 << 20;

  /** Label of the canonical object, such as {@code upload/v1}. */
  String label();

  /** Canonical bytes. */
  byte[] body();

  // ---- set-up of an epoch (2.4)
  // ------------------------------------------------------------------

  /** E1, coordinator: opens an epoch with the channel key C_e. */
  record EpochOpen(Digest study, long epoch, String suite, Digest consortium, Bytes channelKey)
      implements Message {
    static final String LABEL = "epoch-open/v1";

    public EpochOpen {
      requireEpoch(epoch);
      if (!EpochTerms.SUITE.equals(suite)) {
        throw Errors.badMessage("Suite '" + suite + "' is not built; only TRIB-SA-1 is.");
      }
      AgreementKey.checkPublicKey(channelKey.shared());
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL,
          study.bytes(),
          Canonical.u64(epoch),
          Canonical.utf8(suite),
          consortium.bytes(),
          channelKey.shared());
    }

    static EpochOpen read(Canonical.Reader in) {
      return new EpochOpen(
          in.digest(),
          in.u64(),
          in.text(32),
          in.digest(),
          Bytes.take(in.exactly(AgreementKey.BYTES)));
    }
  }

  /** E1, site: its fresh X25519 key, and what its steward declares. */
  record EpochKey(
      Digest study, long epoch, Bytes agreementKey, Bytes nonce, Declarations declarations)
      implements Message {
    static final String LABEL = "epoch-key/v1";
    static final int NONCE_BYTES = 32;

    public EpochKey {
      requireEpoch(epoch);
      AgreementKey.checkPublicKey(agreementKey.shared());
      requireSize(nonce, NONCE_BYTES);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL,
          study.bytes(),
          Canonical.u64(epoch),
          agreementKey.shared(),
          nonce.shared(),
          declarations.population().bytes(),
          Canonical.u8(declarations.consent() == Declarations.Consent.GIVEN ? 1 : 0),
          Canonical.u8(declarations.scope() == Declarations.Scope.STUDY ? 1 : 0));
    }

    static EpochKey read(Canonical.Reader in) {
      Digest study = in.digest();
      long epoch = in.u64();
      Bytes key = Bytes.take(in.exactly(AgreementKey.BYTES));
      Bytes nonce = Bytes.take(in.exactly(NONCE_BYTES));
      Digest population = in.digest();
      Declarations.Consent consent =
          flag(in.u8()) ? Declarations.Consent.GIVEN : Declarations.Consent.WITHHELD;
      Declarations.Scope scope =
          flag(in.u8()) ? Declarations.Scope.STUDY : Declarations.Scope.POPULATION;
      return new EpochKey(study, epoch, key, nonce, new Declarations(population, consent, scope));
    }
  }

  /** E1 or E2, site: does not take part; the code only. */
  record EpochRefusal(Digest study, long epoch, ErrorCode code) implements Message {
    static final String LABEL = "epoch-refusal/v1";

    public EpochRefusal {
      requireEpoch(epoch);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(LABEL, study.bytes(), Canonical.u64(epoch), wire(code));
    }

    static EpochRefusal read(Canonical.Reader in) {
      return new EpochRefusal(in.digest(), in.u64(), readCode(in));
    }
  }

  /** E2, coordinator: the shape, and the signed EpochKeys in byte order of the site ids. */
  record RosterProposal(Digest study, long epoch, Study.Shape shape, List<Bytes> keys)
      implements Message {
    static final String LABEL = "roster-proposal/v1";

    public RosterProposal {
      requireEpoch(epoch);
      keys = List.copyOf(keys);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL, study.bytes(), Canonical.u64(epoch), Canonical.u8(shapeCode(shape)), list(keys));
    }

    static RosterProposal read(Canonical.Reader in) {
      return new RosterProposal(
          in.digest(), in.u64(), readShape(in.u8()), readList(in, SiteSet.MAX_SITES, 1024));
    }
  }

  /** E2, site: the roster it accepts, and MAC_uv for each other v ascending. */
  record RosterAck(Digest study, long epoch, Digest roster, List<Digest> confirmations)
      implements Message {
    static final String LABEL = "roster-ack/v1";

    public RosterAck {
      requireEpoch(epoch);
      confirmations = List.copyOf(confirmations);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL,
          study.bytes(),
          Canonical.u64(epoch),
          roster.bytes(),
          Canonical.digests(confirmations));
    }

    static RosterAck read(Canonical.Reader in) {
      return new RosterAck(in.digest(), in.u64(), in.digest(), in.digests(SiteSet.MAX_SITES));
    }
  }

  /** E3, coordinator: the signed acks of all n sites in roster order. */
  record EpochActive(Digest study, long epoch, List<Bytes> acks) implements Message {
    static final String LABEL = "epoch-active/v1";

    public EpochActive {
      requireEpoch(epoch);
      acks = List.copyOf(acks);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(LABEL, study.bytes(), Canonical.u64(epoch), list(acks));
    }

    static EpochActive read(Canonical.Reader in) {
      return new EpochActive(in.digest(), in.u64(), readList(in, SiteSet.MAX_SITES, 16 << 10));
    }
  }

  /** Coordinator: the epoch is over; empty code when all its work is done. */
  record EpochClosed(Digest study, long epoch, Optional<ErrorCode> code) implements Message {
    static final String LABEL = "epoch-closed/v1";

    public EpochClosed {
      requireEpoch(epoch);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(LABEL, study.bytes(), Canonical.u64(epoch), optionalCode(code));
    }

    static EpochClosed read(Canonical.Reader in) {
      return new EpochClosed(in.digest(), in.u64(), readOptionalCode(in));
    }
  }

  // ---- one sum (2.5) ----------------------------------------------------------------------------

  /**
   * R0, coordinator: announces an attempt.
   *
   * @param terms job, step, attempt and the digests; participants are the whole roster
   * @param deadlineEpochSecond when the coordinator stops waiting for uploads; ends waiting only
   * @param payload public state, hashed into {@code terms.broadcast()}
   * @param previous signed Result and Certificate of the step before, empty for step 0
   * @param sealedSum the keys of the sum before, sealed to each site of the roster, empty bytes for
   *     one that is not in it; empty in the epoch of that sum, and where it is not verified
   */
  record RoundOpen(
      Digest epochContext,
      RoundTerms terms,
      long deadlineEpochSecond,
      Bytes payload,
      List<Bytes> previous,
      List<Bytes> sealedSum)
      implements Message {
    static final String LABEL = "round-open/v1";

    public RoundOpen {
      previous = List.copyOf(previous);
      sealedSum = List.copyOf(sealedSum);
      if (previous.size() != 0 && previous.size() != 2) {
        throw Errors.badMessage("RoundOpen carries a Result and its Certificate, or neither.");
      }
      if (payload.size() > MAX_PAYLOAD_BYTES) {
        throw Errors.badMessage("A broadcast has " + payload.size() + " bytes.");
      }
      if (!terms.broadcast().equals(Digest.sha256(payload.shared()))) {
        throw Errors.badMessage("The payload of RoundOpen is not the one its digest names.");
      }
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL,
          epochContext.bytes(),
          Canonical.u32(terms.job()),
          Canonical.u32(terms.step()),
          Canonical.u8(terms.attempt()),
          Canonical.bitmap(terms.participants()),
          terms.layout().bytes(),
          terms.broadcast().bytes(),
          terms.query().bytes(),
          terms.dp().bytes(),
          terms.previousTranscript().bytes(),
          Canonical.u64(deadlineEpochSecond),
          payload.shared(),
          list(previous),
          list(sealedSum));
    }

    static RoundOpen read(Canonical.Reader in, int rosterSize) {
      Digest context = in.digest();
      RoundTerms terms =
          new RoundTerms(
              in.u32(RoundTerms.MAX_JOBS),
              in.u32(RoundTerms.MAX_STEPS),
              in.u8(),
              in.sites(rosterSize),
              in.digest(),
              in.digest(),
              in.digest(),
              in.digest(),
              in.digest());
      return new RoundOpen(
          context,
          terms,
          in.u64(),
          Bytes.take(in.bytes(MAX_PAYLOAD_BYTES)),
          readList(in, 2, MAX_NESTED_BYTES),
          readList(in, SiteSet.MAX_SITES, MAX_SEALED_BYTES));
    }
  }

  /**
   * R1, site: all frames are there.
   *
   * @param nonce upload_nonce, 32 bytes
   * @param selfCommitment com_b
   * @param pairCommitments com_s[v] for every other v ascending
   * @param boxes SHA-256 of the box for every other w ascending
   * @param frames SHA-256 of every frame as stored
   */
  record Upload(
      Digest round,
      Bytes nonce,
      Digest selfCommitment,
      List<Digest> pairCommitments,
      List<Digest> boxes,
      List<Digest> frames)
      implements Message {
    static final String LABEL = "upload/v1";

    public Upload {
      requireSize(nonce, AttemptRandomness.NONCE_BYTES);
      pairCommitments = List.copyOf(pairCommitments);
      boxes = List.copyOf(boxes);
      frames = List.copyOf(frames);
    }

    /** com_s[peer] in an Upload of {@code dealer}. */
    public Digest pairCommitment(int dealer, int peer) {
      return pairCommitments.get(peer < dealer ? peer : peer - 1);
    }

    /** Hash of the box from {@code dealer} to another site. */
    public Digest box(int dealer, int receiver) {
      return boxes.get(receiver < dealer ? receiver : receiver - 1);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL,
          round.bytes(),
          nonce.shared(),
          selfCommitment.bytes(),
          Canonical.digests(pairCommitments),
          Canonical.digests(boxes),
          Canonical.digests(frames));
    }

    static Upload read(Canonical.Reader in, int rosterSize) {
      Upload upload =
          new Upload(
              in.digest(),
              Bytes.take(in.exactly(AttemptRandomness.NONCE_BYTES)),
              in.digest(),
              in.digests(SiteSet.MAX_SITES),
              in.digests(SiteSet.MAX_SITES),
              in.digests(MAX_FRAMES));
      if (upload.pairCommitments.size() != rosterSize - 1
          || upload.boxes.size() != rosterSize - 1) {
        throw Errors.badMessage(
            "An Upload is not over the " + rosterSize + " sites of its roster.");
      }
      return upload;
    }
  }

  /**
   * R1, site, or R2, coordinator: sealed share boxes. A dealer's bundle holds its box for every
   * other w ascending and is addressed to the coordinator; a delivery holds, for one w, the box of
   * every other u in U ascending.
   *
   * @param to roster index of the receiver, or {@link Seal#COORDINATOR}
   */
  record Boxes(Digest round, int to, List<Bytes> boxes) implements Message {
    static final String LABEL = "boxes/v1";

    public Boxes {
      boxes = List.copyOf(boxes);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(LABEL, round.bytes(), Canonical.u16(to), list(boxes));
    }

    static Boxes read(Canonical.Reader in) {
      return new Boxes(
          in.digest(),
          in.u16(),
          readList(in, SiteSet.MAX_SITES, ShareBox.bytes(SiteSet.MAX_SITES)));
    }
  }

  /** R2, coordinator: proposes U, with the hash of the signed Upload of each, ascending. */
  record SurvivorSet(Digest round, SiteSet contributors, List<Digest> uploads) implements Message {
    static final String LABEL = "survivor-set/v1";

    public SurvivorSet {
      uploads = List.copyOf(uploads);
      requireUploads(contributors, uploads);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL, round.bytes(), Canonical.bitmap(contributors), Canonical.digests(uploads));
    }

    static SurvivorSet read(Canonical.Reader in, int rosterSize) {
      return new SurvivorSet(in.digest(), in.sites(rosterSize), in.digests(SiteSet.MAX_SITES));
    }
  }

  /** R2, site: signs U and the Upload hashes; at most one set an attempt. */
  record SurvivorSig(Digest round, SiteSet contributors, List<Digest> uploads) implements Message {
    static final String LABEL = "survivor-sig/v1";

    public SurvivorSig {
      uploads = List.copyOf(uploads);
      requireUploads(contributors, uploads);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL, round.bytes(), Canonical.bitmap(contributors), Canonical.digests(uploads));
    }

    static SurvivorSig read(Canonical.Reader in, int rosterSize) {
      return new SurvivorSig(in.digest(), in.sites(rosterSize), in.digests(SiteSet.MAX_SITES));
    }
  }

  /** R2, coordinator: at least t signatures of distinct members of U over one SurvivorSig. */
  record Certificate(
      Digest round, SiteSet contributors, List<Digest> uploads, List<MemberSignature> signatures)
      implements Message {
    static final String LABEL = "certificate/v1";

    /** One member's Ed25519 signature, 64 bytes, by roster index. */
    public record MemberSignature(int site, Bytes signature) {
      public MemberSignature {
        requireSize(signature, VerifyingKey.SIGNATURE_BYTES);
      }
    }

    public Certificate {
      uploads = List.copyOf(uploads);
      signatures = List.copyOf(signatures);
      requireUploads(contributors, uploads);
      int last = -1;
      for (MemberSignature one : signatures) {
        if (one.site() <= last || !contributors.contains(one.site())) {
          throw Errors.badMessage(
              "A certificate has a signature twice, unordered or from outside.");
        }
        last = one.site();
      }
    }

    /** What the members signed. */
    public SurvivorSig signed() {
      return new SurvivorSig(round, contributors, uploads);
    }

    /** Hash of the Upload of one contributor. */
    public Digest upload(int site) {
      int[] indices = contributors.indices();
      for (int i = 0; i < indices.length; i++) {
        if (indices[i] == site) {
          return uploads.get(i);
        }
      }
      throw new IllegalArgumentException("site " + site + " is not in " + contributors);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      List<byte[]> items = new ArrayList<>(signatures.size());
      for (MemberSignature one : signatures) {
        items.add(
            ByteBuffer.allocate(2 + one.signature().size())
                .putShort((short) one.site())
                .put(one.signature().shared())
                .array());
      }
      return Canonical.enc(
          LABEL,
          round.bytes(),
          Canonical.bitmap(contributors),
          Canonical.digests(uploads),
          Canonical.list(items));
    }

    static Certificate read(Canonical.Reader in, int rosterSize) {
      Digest round = in.digest();
      SiteSet contributors = in.sites(rosterSize);
      List<Digest> uploads = in.digests(SiteSet.MAX_SITES);
      int itemBytes = 2 + VerifyingKey.SIGNATURE_BYTES;
      List<MemberSignature> signatures = new ArrayList<>();
      for (byte[] item : in.list(SiteSet.MAX_SITES, itemBytes)) {
        if (item.length != itemBytes) {
          throw Errors.badMessage("A certificate has a signature of another length.");
        }
        ByteBuffer buffer = ByteBuffer.wrap(item);
        int site = buffer.getShort() & 0xffff;
        byte[] signature = new byte[VerifyingKey.SIGNATURE_BYTES];
        buffer.get(signature);
        signatures.add(new MemberSignature(site, Bytes.take(signature)));
      }
      return new Certificate(round, contributors, uploads, signatures);
    }
  }

  /** R3, site: its {@link UnmaskAnswer}, sealed to the coordinator, under one certificate. */
  record Unmask(Digest round, Digest certificate, Bytes sealed) implements Message {
    static final String LABEL = "unmask/v1";

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(LABEL, round.bytes(), certificate.bytes(), sealed.shared());
    }

    static Unmask read(Canonical.Reader in) {
      return new Unmask(in.digest(), in.digest(), Bytes.take(in.bytes(MAX_NESTED_BYTES)));
    }
  }

  /** Site: takes no further part in the attempt; the code only, never a value. */
  record AttemptDead(Digest round, ErrorCode code) implements Message {
    static final String LABEL = "attempt-dead/v1";

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(LABEL, round.bytes(), wire(code));
    }

    static AttemptDead read(Canonical.Reader in) {
      return new AttemptDead(in.digest(), readCode(in));
    }
  }

  /** Coordinator: gives the attempt up; ends the attempt only, erases nothing. */
  record AttemptAbort(Digest round, ErrorCode code) implements Message {
    static final String LABEL = "attempt-abort/v1";

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(LABEL, round.bytes(), wire(code));
    }

    static AttemptAbort read(Canonical.Reader in) {
      return new AttemptAbort(in.digest(), readCode(in));
    }
  }

  /**
   * R4, coordinator: the sum is taken.
   *
   * @param sealedSum for a step with a following step, {@link OpenedSum#keysFor} each member of U
   *     ascending; empty where the sum is not verified
   * @param sealedSeeds {@link OpenedSum#sealedSeeds}, one item, or none likewise
   */
  record Result(
      Digest round,
      SiteSet contributors,
      Digest result,
      Digest transcript,
      List<Bytes> sealedSum,
      List<Bytes> sealedSeeds)
      implements Message {
    static final String LABEL = "result/v1";

    public Result {
      sealedSum = List.copyOf(sealedSum);
      sealedSeeds = List.copyOf(sealedSeeds);
    }

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(
          LABEL,
          round.bytes(),
          Canonical.bitmap(contributors),
          result.bytes(),
          transcript.bytes(),
          list(sealedSum),
          list(sealedSeeds));
    }

    static Result read(Canonical.Reader in, int rosterSize) {
      return new Result(
          in.digest(),
          in.sites(rosterSize),
          in.digest(),
          in.digest(),
          readList(in, SiteSet.MAX_SITES, MAX_SEALED_BYTES),
          readList(in, SiteSet.MAX_SITES, MAX_SEALED_BYTES));
    }
  }

  /** Coordinator: no further step of the job; empty code when it is done. */
  record JobClosed(Digest epochContext, int job, Optional<ErrorCode> code) implements Message {
    static final String LABEL = "job-closed/v1";

    @Override
    public String label() {
      return LABEL;
    }

    @Override
    public byte[] body() {
      return Canonical.enc(LABEL, epochContext.bytes(), Canonical.u32(job), optionalCode(code));
    }

    static JobClosed read(Canonical.Reader in) {
      return new JobClosed(in.digest(), in.u32(RoundTerms.MAX_JOBS - 1), readOptionalCode(in));
    }
  }

  // ---- reading
  // ------------------------------------------------------------------------------------

  /**
   * Reads any message.
   *
   * @param body canonical bytes
   * @param rosterSize n of the epoch, which bitmaps are over; any number for a message of the
   *     set-up
   */
  static Message decode(byte[] body, int rosterSize) {
    String label = Canonical.labelOf(body);
    int fields = fields(label);
    Canonical.Reader in = Canonical.read(body, label, fields);
    Message message = read(label, in, rosterSize);
    in.end();
    return message;
  }

  private static int fields(String label) {
    return switch (label) {
      case AttemptDead.LABEL, AttemptAbort.LABEL -> 2;
      case EpochRefusal.LABEL,
          EpochActive.LABEL,
          EpochClosed.LABEL,
          Boxes.LABEL,
          SurvivorSet.LABEL,
          SurvivorSig.LABEL,
          Unmask.LABEL,
          JobClosed.LABEL ->
          3;
      case RosterProposal.LABEL, RosterAck.LABEL, Certificate.LABEL -> 4;
      case EpochOpen.LABEL -> 5;
      case Upload.LABEL, Result.LABEL -> 6;
      case EpochKey.LABEL -> 7;
      case RoundOpen.LABEL -> 14;
      default -> throw Errors.badMessage("No message has the label '" + label + "'.");
    };
  }

  private static Message read(String label, Canonical.Reader in, int rosterSize) {
    return switch (label) {
      case EpochOpen.LABEL -> EpochOpen.read(in);
      case EpochKey.LABEL -> EpochKey.read(in);
      case EpochRefusal.LABEL -> EpochRefusal.read(in);
      case RosterProposal.LABEL -> RosterProposal.read(in);
      case RosterAck.LABEL -> RosterAck.read(in);
      case EpochActive.LABEL -> EpochActive.read(in);
      case EpochClosed.LABEL -> EpochClosed.read(in);
      case RoundOpen.LABEL -> RoundOpen.read(in, rosterSize);
      case Upload.LABEL -> Upload.read(in, rosterSize);
      case Boxes.LABEL -> Boxes.read(in);
      case SurvivorSet.LABEL -> SurvivorSet.read(in, rosterSize);
      case SurvivorSig.LABEL -> SurvivorSig.read(in, rosterSize);
      case Certificate.LABEL -> Certificate.read(in, rosterSize);
      case Unmask.LABEL -> Unmask.read(in);
      case AttemptDead.LABEL -> AttemptDead.read(in);
      case AttemptAbort.LABEL -> AttemptAbort.read(in);
      case Result.LABEL -> Result.read(in, rosterSize);
      case JobClosed.LABEL -> JobClosed.read(in);
      default -> throw Errors.badMessage("No message has the label '" + label + "'.");
    };
  }

  private static void requireEpoch(long epoch) {
    if (epoch < 1) {
      throw Errors.badMessage("An epoch is numbered from 1.");
    }
  }

  private static void requireSize(Bytes field, int bytes) {
    if (field.size() != bytes) {
      throw Errors.badMessage("A field has " + field.size() + " bytes, not " + bytes + ".");
    }
  }

  private static void requireUploads(SiteSet contributors, List<Digest> uploads) {
    if (contributors.size() != uploads.size() || uploads.isEmpty()) {
      throw Errors.badMessage(
          "A set of " + contributors.size() + " sites lists " + uploads.size() + " uploads.");
    }
  }

  private static boolean flag(int value) {
    if (value > 1) {
      throw Errors.badMessage("A flag is 0 or 1, found " + value + ".");
    }
    return value == 1;
  }

  private static int shapeCode(Study.Shape shape) {
    return shape == Study.Shape.QUORUM ? 1 : 2;
  }

  private static Study.Shape readShape(int code) {
    return switch (code) {
      case 1 -> Study.Shape.QUORUM;
      case 2 -> Study.Shape.ALL;
      default -> throw Errors.badMessage("No shape has the code " + code + ".");
    };
  }

  private static byte[] wire(ErrorCode code) {
    return Canonical.utf8(code.name());
  }

  private static ErrorCode readCode(Canonical.Reader in) {
    return errorCode(in.text(64));
  }

  private static byte[] optionalCode(Optional<ErrorCode> code) {
    return code.map(Message::wire).orElse(new byte[0]);
  }

  private static Optional<ErrorCode> readOptionalCode(Canonical.Reader in) {
    String text = in.text(64);
    return text.isEmpty() ? Optional.empty() : Optional.of(errorCode(text));
  }

  private static ErrorCode errorCode(String name) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return code;
      }
    }
    throw Errors.badMessage("A message names a code that this version does not know.");
  }

  private static byte[] list(List<Bytes> items) {
    return Canonical.list(items.stream().map(Bytes::shared).toList());
  }

  private static List<Bytes> readList(Canonical.Reader in, int maxItems, int maxItemBytes) {
    return in.list(maxItems, maxItemBytes).stream().map(Bytes::take).toList();
  }
}
