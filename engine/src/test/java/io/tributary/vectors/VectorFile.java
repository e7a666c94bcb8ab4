package io.tributary.vectors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.codec.Digest;
import io.tributary.codec.SiteSet;
import io.tributary.masking.EpochTerms;
import io.tributary.masking.RoundContext;
import io.tributary.masking.RoundTerms;
import io.tributary.masking.Secret32;
import io.tributary.study.Study;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.stream.StreamSupport;

/** Reads the JSON files in vectors/v1: bytes as hex, large numbers as decimal text. */
final class VectorFile {
  private static final ObjectMapper JSON = new ObjectMapper();

  private VectorFile() {}

  static JsonNode read(String name) {
    try (InputStream in = VectorFile.class.getResourceAsStream("/vectors/v1/" + name + ".json")) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] bytes(JsonNode node) {
    return HexFormat.of().parseHex(node.textValue());
  }

  static byte[][] list(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false)
        .map(VectorFile::bytes)
        .toArray(byte[][]::new);
  }

  static int[] ints(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }

  static Digest digest(JsonNode node) {
    return Digest.of(bytes(node));
  }

  static Secret32 secret(JsonNode node) {
    return Secret32.copyOf(bytes(node));
  }

  /** Words of 8 bytes, little-endian. */
  static long[] words(JsonNode node) {
    byte[] bytes = bytes(node);
    long[] words = new long[bytes.length / 8];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
    return words;
  }

  /** Data words of a frame from its elements in decimal. */
  static long[] dataWords(JsonNode wide, JsonNode narrow) {
    long[] words = new long[2 * wide.size() + narrow.size()];
    int at = 0;
    for (JsonNode value : wide) {
      BigInteger number = new BigInteger(value.textValue());
      words[at++] = number.longValue();
      words[at++] = number.shiftRight(64).longValue();
    }
    for (JsonNode value : narrow) {
      words[at++] = new BigInteger(value.asText()).longValue();
    }
    return words;
  }

  static EpochTerms epochTerms(JsonNode node) {
    return new EpochTerms(
        EpochTerms.SUITE,
        digest(node.get("consortium")),
        digest(node.get("study")),
        node.get("epoch").longValue(),
        digest(node.get("roster")),
        Study.Shape.valueOf(node.get("shape").textValue()),
        node.get("sites").intValue(),
        node.get("signatures").intValue(),
        node.get("shares").intValue(),
        node.get("min_contributors").intValue(),
        node.get("colluders").intValue());
  }

  /** The round of a file with fields {@code epoch} and {@code round}. */
  static RoundContext context(JsonNode file) {
    EpochTerms epoch = epochTerms(file.get("epoch"));
    JsonNode round = file.get("round");
    return RoundContext.of(
        epoch,
        new RoundTerms(
            round.get("job").intValue(),
            round.get("step").intValue(),
            round.get("attempt").intValue(),
            SiteSet.of(epoch.sites(), ints(round.get("participants"))),
            digest(round.get("layout")),
            digest(round.get("broadcast")),
            digest(round.get("query")),
            digest(round.get("dp")),
            digest(round.get("previous_transcript"))));
  }
}
