package io.tributary.jobs.cli;

import io.tributary.jobs.Versions;
import io.tributary.jobs.console.CommonOptions;
import io.tributary.jobs.console.Console;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * {@code tributary version}: what runs here. {@code jar} is SHA-256 of the running jar, to be
 * compared with that of another party that built the same commit.
 */
@Command(name = "version", description = "Versions of Tributary and of what it runs on.")
final class VersionCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;

  @Override
  public Integer call() {
    Console console = common.console();
    Map<String, String> versions = Versions.all();
    if (common.json()) {
      console.result(new LinkedHashMap<>(versions));
    } else {
      versions.forEach((name, version) -> console.result(name + " " + version));
    }
    return 0;
  }
}
