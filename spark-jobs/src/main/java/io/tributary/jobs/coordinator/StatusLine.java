package io.tributary.jobs.coordinator;

import io.tributary.codec.Digest;
import io.tributary.exchange.CoordinatorPump;
import io.tributary.exchange.Exchange;
import io.tributary.jobs.study.PublishedStatus;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Publishes a study's status whenever it has changed since the last look. */
final class StatusLine {
  private final Exchange exchange;
  private final Study study;
  private final Digest digest;
  private int next;
  private Map<String, Object> last = Map.of();

  StatusLine(Exchange exchange, Study study, Digest digest) {
    this.exchange = exchange;
    this.study = study;
    this.digest = digest;
    this.next = PublishedStatus.count(exchange, digest);
  }

  void publish(CoordinatorPump.Status status) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("study", study.name());
    fields.put("phase", status.phase().name());
    status
        .attempt()
        .ifPresent(
            id -> {
              fields.put("analysis", study.analyses().get(id.job()).name());
              fields.put("analysisNumber", (id.job() + 1) + " of " + study.analyses().size());
              fields.put("sum", id.step() + 1);
              fields.put("attempt", id.attempt());
            });
    List<String> waiting = status.waitingFor().stream().map(SiteId::value).sorted().toList();
    if (!waiting.isEmpty()) {
      fields.put("waitingFor", waiting);
    }
    List<String> suspects = status.suspects().stream().map(SiteId::value).sorted().toList();
    if (!suspects.isEmpty()) {
      fields.put("suspects", suspects);
    }
    if (!fields.equals(last)) {
      PublishedStatus.put(exchange, digest, next++, fields);
      last = fields;
    }
  }
}
