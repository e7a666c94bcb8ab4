package io.tributary.connectors.exchange.flight;

import io.tributary.study.SiteId;
import java.util.HashMap;
import java.util.Map;

/** Counts what each site puts below each top folder, until the coordinator removes that folder. */
final class SiteQuota {
  private final ServerLimits limits;
  private final Map<Key, Usage> usages = new HashMap<>();

  SiteQuota(ServerLimits limits) {
    this.limits = limits;
  }

  /** Counts one put; false, and nothing counted, if it would exceed a limit. */
  synchronized boolean admits(SiteId site, String name, int sizeBytes) {
    int slash = name.indexOf('/');
    Key key = new Key(site, slash < 0 ? name : name.substring(0, slash));
    Usage before = usages.getOrDefault(key, new Usage(0, 0));
    Usage after = new Usage(before.puts() + 1, before.bytes() + sizeBytes);
    if (after.puts() > limits.maxPutsPerSite() || after.bytes() > limits.maxPutBytesPerSite()) {
      return false;
    }
    usages.put(key, after);
    return true;
  }

  synchronized void forget(String prefix) {
    usages.keySet().removeIf(key -> key.folder().equals(prefix));
  }

  private record Key(SiteId site, String folder) {}

  private record Usage(long puts, long bytes) {}
}
