package io.tributary.jobs.cli;

import io.tributary.jobs.local.LocalSplit;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tributary local ...}: a whole federation on one machine, to try it on one's own data. */
@Command(
    name = "local",
    description = "A whole federation on this machine.",
    subcommands = {LocalCommand.Split.class})
final class LocalCommand {

  /** {@code local split}. */
  @Command(name = "split", description = "Cut one table into a folder of sites.")
  static final class Split implements Callable<Integer> {
    @Mixin private CommonOptions common;

    @Option(names = "--data", required = true, description = "A .csv or .parquet file.")
    private Path data;

    @Option(names = "--out", required = true, description = "New folder; one sub-folder a site.")
    private Path out;

    @ArgGroup(multiplicity = "1")
    private Choice choice;

    @Option(names = "--person", description = "With --into: rows with one value stay together.")
    private String person;

    /** By a column, or into a number of equal parts. */
    static final class Choice {
      @Option(names = "--by", description = "Column whose values are the sites.")
      private String column;

      @Option(names = "--into", description = "Number of sites; rows are dealt in turn.")
      private Integer sites;
    }

    @Override
    public Integer call() {
      LocalSplit.Rule rule =
          choice.column != null
              ? new LocalSplit.Rule.By(choice.column)
              : new LocalSplit.Rule.Into(choice.sites, Optional.ofNullable(person));
      Map<String, Long> rows = new LocalSplit(data, rule).write(out);
      Console console = common.console();
      if (common.json) {
        console.result(new LinkedHashMap<>(rows));
      } else {
        rows.forEach((site, count) -> console.result(site + ": " + count + " rows"));
      }
      return 0;
    }
  }
}
