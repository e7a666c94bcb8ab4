package io.tributary.vectors;

import static io.tributary.vectors.VectorFile.bytes;
import static io.tributary.vectors.VectorFile.context;
import static io.tributary.vectors.VectorFile.dataWords;
import static io.tributary.vectors.VectorFile.digest;
import static io.tributary.vectors.VectorFile.list;
import static io.tributary.vectors.VectorFile.secret;
import static io.tributary.vectors.VectorFile.words;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.codec.FixedVector;
import io.tributary.codec.FrameShape;
import io.tributary.codec.SiteSet;
import io.tributary.identity.AgreementKey;
import io.tributary.identity.SigningIdentity;
import io.tributary.identity.VerifyingKey;
import io.tributary.masking.AttemptRandomness;
import io.tributary.masking.Commitment;
import io.tributary.masking.EpochTerms;
import io.tributary.masking.JobKey;
import io.tributary.masking.KeyStream;
import io.tributary.masking.PairSecret;
import io.tributary.masking.RoundContext;
import io.tributary.masking.Seal;
import io.tributary.masking.Secret32;
import io.tributary.masking.Shamir;
import io.tributary.masking.ShareBox;
import io.tributary.masking.StepRandomness;
import io.tributary.masking.Unmasker;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * The engine against the slow implementation in src/test/python, object by object (PROTOCOL.md 2.2,
 * 2.3, 2.5, 2.6), each with its negative twin. Complete sums are in {@link SumVectorsTest}.
 */
class VectorsTest {
  @Test
  void canonicalObjects() {
    JsonNode file = VectorFile.read("canonical");
    for (JsonNode object : file.get("objects")) {
      String label = object.get("label").textValue();
      byte[][] fields = list(object.get("fields"));
      byte[] encoded = Canonical.enc(label, fields);
      assertThat(encoded).isEqualTo(bytes(object.get("enc")));
      assertThat(Canonical.hash(label, fields)).isEqualTo(digest(object.get("hash")));
      Canonical.Reader in = Canonical.read(encoded, label, fields.length);
      for (byte[] field : fields) {
        assertThat(in.bytes(field.length)).isEqualTo(field);
      }
      in.end();
    }
    for (JsonNode bad : file.get("bad_two")) {
      assertBadMessage(() -> Canonical.read(bytes(bad), "two/v1", 2));
    }
    for (JsonNode bad : file.get("bad_bitmap_of_9")) {
      assertBadMessage(() -> SiteSet.ofBitmap(9, bytes(bad)));
    }
    for (JsonNode bad : file.get("bad_list")) {
      byte[] object = Canonical.enc("l/v1", bytes(bad));
      assertBadMessage(() -> Canonical.read(object, "l/v1", 1).list(100, 100));
    }
  }

  @Test
  void contexts() {
    for (JsonNode item : VectorFile.read("contexts").get("cases")) {
      RoundContext context = context(item);
      assertThat(
              EpochTerms.rosterHash(
                  bytes(item.get("epoch_open")), List.of(list(item.get("epoch_keys")))))
          .isEqualTo(digest(item.get("epoch").get("roster")));
      assertThat(context.epoch()).isEqualTo(digest(item.get("ctx_epoch")));
      assertThat(context.round()).isEqualTo(digest(item.get("ctx_round")));
      assertThat(context.checkKey()).isEqualTo(digest(item.get("chk_key")));
    }
  }

  @Test
  void contextsBadContext() {
    JsonNode file = VectorFile.read("contexts_bad_context");
    for (JsonNode twin : file.get("twins")) {
      assertThat(context(twin).round())
          .as(twin.get("changed").textValue())
          .isEqualTo(digest(twin.get("ctx_round")))
          .isNotEqualTo(digest(file.get("ctx_round")));
    }
  }

  @Test
  void keySchedule() {
    JsonNode file = VectorFile.read("key_schedule");
    RoundContext context = context(file);
    int self = file.get("self").intValue();
    int peer = file.get("peer").intValue();
    AgreementKey own = AgreementKey.restore(bytes(file.get("private_self")));
    AgreementKey other = AgreementKey.restore(bytes(file.get("private_peer")));
    assertThat(own.publicKey()).isEqualTo(bytes(file.get("public_self")));
    assertThat(other.publicKey()).isEqualTo(bytes(file.get("public_peer")));

    PairSecret near = PairSecret.agree(context.epoch(), self, peer, own.agree(other.publicKey()));
    PairSecret far = PairSecret.agree(context.epoch(), peer, self, other.agree(own.publicKey()));
    Digest roster = digest(file.get("roster_hash"));
    assertThat(near.confirmation(roster)).isEqualTo(digest(file.get("mac_self_to_peer")));
    assertThat(far.confirmation(roster)).isEqualTo(digest(file.get("mac_peer_to_self")));
    assertThat(near.confirms(roster, far.confirmation(roster))).isTrue();
    assertThat(near.confirms(roster, near.confirmation(roster))).isFalse();
    assertThat(near.confirms(Digest.ZERO, far.confirmation(roster))).isFalse();

    int job = file.get("job").intValue();
    JobKey key = near.jobKey(job);
    JobKey farKey = far.jobKey(job);
    assertThat(key.pairSeed(context)).isEqualTo(secret(file.get("pair_seed")));
    assertThat(farKey.pairSeed(context)).isEqualTo(secret(file.get("pair_seed")));
    byte[] nonce = bytes(file.get("upload_nonce"));
    assertThat(key.shareKeyTo(context, nonce))
        .isEqualTo(secret(file.get("share_key_self_to_peer")));
    assertThat(farKey.shareKeyFrom(context, nonce))
        .isEqualTo(secret(file.get("share_key_self_to_peer")));
    assertThat(key.shareKeyFrom(context, nonce))
        .isEqualTo(secret(file.get("share_key_peer_to_self")));
    for (int step = 0; step < file.get("job_keys").size(); step++) {
      assertThat(key.key()).isEqualTo(secret(file.get("job_keys").get(step)));
      key = key.ratchet();
    }
    assertThat(near.jobKey(file.get("other_job").get("job").intValue()).key())
        .isEqualTo(secret(file.get("other_job").get("key")));
    assertThat(Seal.channelKey(context.epoch(), own.agree(other.publicKey())))
        .isEqualTo(secret(file.get("channel_key")));
  }

  @Test
  void stepRandomness() {
    JsonNode file = VectorFile.read("key_schedule");
    RoundContext context = context(file);
    StepRandomness step = StepRandomness.restore(secret(file.get("rho")));
    assertThat(step.noiseKey()).isEqualTo(secret(file.get("noise_key")));
    KeyStream noise = KeyStream.of(step.noiseKey());
    for (JsonNode word : file.get("noise_words")) {
      assertThat(noise.nextWord()).isEqualTo(Long.parseUnsignedLong(word.textValue(), 16));
    }
    JsonNode input = file.get("input");
    long[] words = dataWords(JsonNodeFactory.instance.arrayNode(), input.get("narrow"));
    assertThat(
            step.inputTag(
                input.get("frame").intValue(),
                FixedVector.of(new FrameShape(0, words.length), words)))
        .isEqualTo(digest(input.get("tag")));
    AttemptRandomness attempt = step.attempt(context);
    assertThat(attempt.selfSeed()).isEqualTo(secret(file.get("own_self_seed")));
    assertThat(attempt.uploadNonce()).isEqualTo(bytes(file.get("own_upload_nonce")));
  }

  @Test
  void maskWords() {
    JsonNode file = VectorFile.read("mask_words");
    byte[] ctxRound = context(file).round().bytes();
    byte[][] seeds = {bytes(file.get("seed"))};
    for (JsonNode item : file.get("frames")) {
      int wide = item.get("wide_elements").intValue();
      int narrow = item.get("narrow_elements").intValue();
      int frame = item.get("frame").intValue();
      int total = item.get("total_words").intValue();
      assertThat(new FrameShape(wide, narrow).totalWords()).isEqualTo(total);

      long[] mask = new long[total];
      Unmasker.removeMasks(mask, wide, narrow, ctxRound, frame, seeds, new boolean[] {false});
      assertThat(hex(Arrays.copyOf(mask, 4))).isEqualTo(texts(item.get("first")));
      assertThat(hex(Arrays.copyOfRange(mask, total - 4, total)))
          .isEqualTo(texts(item.get("last")));

      long[] added = new long[total];
      Arrays.fill(added, -1);
      Unmasker.removeMasks(added, wide, narrow, ctxRound, frame, seeds, new boolean[] {false});
      assertThat(Arrays.copyOf(added, 2)).isEqualTo(words(item.get("added_to_minus_one")));
      long[] subtracted = new long[total];
      Unmasker.removeMasks(subtracted, wide, narrow, ctxRound, frame, seeds, new boolean[] {true});
      assertThat(Arrays.copyOf(subtracted, 2)).isEqualTo(words(item.get("subtracted_from_zero")));
    }
  }

  @Test
  void shamir() {
    for (JsonNode item : VectorFile.read("shamir").get("cases")) {
      int threshold = item.get("threshold").intValue();
      int sites = item.get("sites").intValue();
      byte[][] shares = list(item.get("shares"));
      assertThat(
              Shamir.deal(
                  secret(item.get("secret")),
                  threshold,
                  sites,
                  secret(item.get("coefficient_key"))))
          .isDeepEqualTo(shares);
      int[] highest = new int[threshold];
      byte[][] chosen = new byte[threshold][];
      for (int i = 0; i < threshold; i++) {
        highest[i] = sites - 1 - i;
        chosen[i] = shares[sites - 1 - i];
      }
      assertThat(Shamir.rebuild(highest, chosen, threshold)).contains(secret(item.get("secret")));
      assertThat(Shamir.basis(highest).rebuild(chosen)).contains(secret(item.get("secret")));
    }
  }

  @Test
  void shamirBadShare() {
    JsonNode file = VectorFile.read("shamir_bad_share");
    int[] indices = VectorFile.ints(file.get("indices"));
    int threshold = file.get("threshold").intValue();
    assertThat(Shamir.rebuild(indices, list(file.get("good")), threshold))
        .contains(secret(file.get("secret")));
    for (byte[] bad : list(file.get("not_below_p"))) {
      assertThat(Shamir.isShare(bad)).isFalse();
    }
    assertThat(Shamir.rebuild(indices, list(file.get("out_of_range")), threshold)).isEmpty();
    JsonNode unseen = file.get("in_range_but_other");
    assertThat(Shamir.rebuild(indices, list(unseen.get("shares")), threshold))
        .contains(secret(unseen.get("secret")));
    assertThat(secret(unseen.get("secret"))).isNotEqualTo(secret(file.get("secret")));
  }

  @Test
  void checkElement() {
    JsonNode file = VectorFile.read("check_element");
    RoundContext context = context(file);
    assertThat(context.checkKey()).isEqualTo(digest(file.get("chk_key")));
    int frame = file.get("frame").intValue();
    for (JsonNode item : file.get("cases")) {
      long[] data = dataWords(item.get("wide"), item.get("narrow"));
      int wide = item.get("wide").size();
      int narrow = item.get("narrow").size();
      FrameShape shape = new FrameShape(wide, narrow);
      long[] sum = Arrays.copyOf(data, shape.totalWords());
      System.arraycopy(words(item.get("check")), 0, sum, shape.checkOffset(), 2);
      assertThat(holds(sum, wide, narrow, context, frame)).isTrue();
      for (int word = 0; word < sum.length; word++) {
        sum[word] ^= 1;
        assertThat(holds(sum, wide, narrow, context, frame)).isFalse();
        sum[word] ^= 1;
      }
      assertThat(holds(sum, wide, narrow, context, frame + 1)).isFalse();
    }
  }

  @Test
  void commitments() {
    JsonNode file = VectorFile.read("commitments");
    RoundContext context = context(file);
    JsonNode own = file.get("self_seed");
    Digest expected = digest(own.get("commitment"));
    assertThat(Commitment.ofSelfSeed(context, own.get("site").intValue(), secret(own.get("seed"))))
        .isEqualTo(expected);
    JsonNode pair = file.get("pair_seed");
    int one = pair.get("one").intValue();
    int other = pair.get("other").intValue();
    for (int[] ends : new int[][] {{one, other}, {other, one}}) {
      assertThat(Commitment.ofPairSeed(context, ends[0], ends[1], secret(pair.get("seed"))))
          .isEqualTo(digest(pair.get("commitment")));
    }

    JsonNode twins = VectorFile.read("commitments_bad_commitment");
    for (Map.Entry<String, JsonNode> twin : twins.get("commitments").properties()) {
      assertThat(digest(twin.getValue())).as(twin.getKey()).isNotEqualTo(expected);
    }
    assertThat(
            Commitment.ofSelfSeed(context, twins.get("site").intValue(), secret(twins.get("seed"))))
        .isEqualTo(expected);
  }

  @Test
  void boxes() {
    JsonNode file = VectorFile.read("boxes");
    RoundContext context = context(file);
    byte[][] shares = list(file.get("shares"));
    int from = file.get("from").intValue();
    int to = file.get("to").intValue();
    byte[] box = bytes(file.get("box"));
    byte[] nonce = bytes(file.get("upload_nonce"));
    JobKey dealer = JobKey.restore(2, 0, from, to, secret(file.get("job_key")));
    JobKey receiver = JobKey.restore(2, 0, to, from, secret(file.get("job_key")));

    Secret32 once = dealer.shareKeyTo(context, nonce);
    assertThat(ShareBox.seal(once, context, from, to, shares)).isEqualTo(box);
    assertThat(once.isDestroyed()).isTrue();
    assertThat(ShareBox.open(receiver.shareKeyFrom(context, nonce), context, from, to, box))
        .hasValueSatisfying(opened -> assertThat(opened).isDeepEqualTo(shares));

    for (Map.Entry<String, JsonNode> twin :
        VectorFile.read("boxes_bad_context").get("boxes").properties()) {
      assertThat(
              ShareBox.open(
                  receiver.shareKeyFrom(context, nonce), context, from, to, bytes(twin.getValue())))
          .as(twin.getKey())
          .isEmpty();
    }
  }

  @Test
  void seals() {
    JsonNode file = VectorFile.read("seals");
    Digest round = context(file).round();
    Secret32 channel = secret(file.get("channel_key"));
    for (JsonNode item : file.get("cases")) {
      String type = item.get("type").textValue();
      int from = item.get("from").intValue();
      int to = item.get("to").intValue();
      byte[] plaintext = bytes(item.get("plaintext"));
      byte[] sealed = bytes(item.get("sealed"));
      assertThat(Seal.seal(channel, type, from, to, round, plaintext)).isEqualTo(sealed);
      assertThat(sealed).hasSize(plaintext.length + Seal.OVERHEAD_BYTES);
      assertThat(Seal.open(channel, type, from, to, round, sealed)).contains(plaintext);
    }

    JsonNode twins = VectorFile.read("seals_bad_context");
    for (Map.Entry<String, JsonNode> twin : twins.get("sealed").properties()) {
      Optional<byte[]> opened =
          Seal.open(
              channel,
              twins.get("type").textValue(),
              twins.get("from").intValue(),
              twins.get("to").intValue(),
              round,
              bytes(twin.getValue()));
      assertThat(opened).as(twin.getKey()).isEmpty();
    }
  }

  @Test
  void signatures() {
    for (JsonNode item : VectorFile.read("signatures").get("cases")) {
      SigningIdentity identity = SigningIdentity.ofSeed(bytes(item.get("seed")));
      byte[] message = bytes(item.get("message"));
      byte[] signature = bytes(item.get("signature"));
      assertThat(identity.verifyingKey()).isEqualTo(VerifyingKey.of(bytes(item.get("public"))));
      assertThat(identity.sign(message)).isEqualTo(signature);
      assertThat(identity.verifyingKey().verifies(message, signature)).isTrue();
    }
  }

  private static boolean holds(long[] sum, int wide, int narrow, RoundContext context, int frame) {
    return Unmasker.checkHolds(
        sum, wide, narrow, context.round().bytes(), context.checkKey().bytes(), frame);
  }

  private static List<String> hex(long[] words) {
    List<String> texts = new ArrayList<>();
    for (long word : words) {
      texts.add("%016x".formatted(word));
    }
    return texts;
  }

  private static List<String> texts(JsonNode node) {
    List<String> texts = new ArrayList<>();
    node.forEach(item -> texts.add(item.textValue()));
    return texts;
  }

  private static void assertBadMessage(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOfSatisfying(
            TributaryException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_MESSAGE));
  }
}
