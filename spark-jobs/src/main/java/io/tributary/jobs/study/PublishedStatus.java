package io.tributary.jobs.study;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.codec.Digest;
import io.tributary.exchange.Exchange;
import io.tributary.exchange.ObjectNames;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a study stands, as the coordinator last said: {@code studies/DIGEST/status/NUMBER}, JSON of
 * names and phases. Objects are written once, so each change is a new one; the highest number
 * holds.
 */
public final class PublishedStatus {
  /** Changes beyond this are not published any more. */
  public static final int MAX_CHANGES = 10_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private PublishedStatus() {}

  private static String folder(Digest study) {
    return ObjectNames.folder(study) + "/status";
  }

  /** How many changes were published. */
  public static int count(Exchange exchange, Digest study) {
    return exchange.list(folder(study)).size();
  }

  /** Publishes change {@code number}, counted from 0. */
  public static void put(Exchange exchange, Digest study, int number, Map<String, ?> status) {
    if (number >= MAX_CHANGES) {
      return;
    }
    try {
      exchange.put(folder(study) + "/%06d".formatted(number), JSON.writeValueAsBytes(status));
    } catch (IOException e) {
      throw Errors.internal("A status is not JSON.", e);
    }
  }

  /** The newest status; DATA_MISSING if the study is not there. */
  public static Map<String, Object> read(Exchange exchange, Digest study) {
    List<String> names = exchange.list(folder(study));
    Optional<String> ended = PublishedRelease.ended(exchange, study);
    Map<String, Object> status = new LinkedHashMap<>();
    status.put("digest", study.hex());
    if (!names.isEmpty()) {
      try {
        Map<String, Object> said =
            JSON.readValue(
                exchange.get(names.get(names.size() - 1)).orElseThrow(),
                new TypeReference<Map<String, Object>>() {});
        if (said == null) {
          throw Errors.badMessage("A published status is not JSON.");
        }
        status.putAll(said);
      } catch (IOException e) {
        throw Errors.badMessage("A published status is not JSON.");
      }
    } else if (ended.isEmpty() && exchange.get(new ObjectNames(study).study()).isEmpty()) {
      throw Errors.data(
          ErrorCode.DATA_MISSING,
          "study " + study.shortHex(),
          "is not on the exchange.",
          "Submit it with 'tributary study submit', or check its digest.");
    } else {
      status.put("phase", "SUBMITTED");
    }
    ended.ifPresent(word -> status.put("ended", word));
    return status;
  }
}
