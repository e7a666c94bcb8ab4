package io.tributary.protocol.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.Study.Shape;
import java.util.EnumSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The short way to what is known of the sums, against elimination over all unknowns. */
class KnowledgeTest {
  private static final World WORLD =
      World.world().roster(Shape.QUORUM).attempt(0, 0, 1, 0, 3).largest();

  @Property(tries = 3000)
  void componentsSpanWhatEliminationFinds(
      @ForAll @IntRange(min = 3, max = 6) int sites,
      @ForAll @IntRange(min = 0, max = 2) int colluders,
      @ForAll @Size(3) List<@IntRange(min = 0, max = 63) Integer> sets,
      @ForAll @Size(6) List<@IntRange(min = 0, max = 127) Integer> sent,
      @ForAll boolean bound) {
    int everyone = (1 << sites) - 1;
    int[] shown = sets.stream().mapToInt(set -> set & everyone).toArray();
    EnumSet<Rule> rules = EnumSet.allOf(Rule.class);
    if (!bound) {
      rules.remove(Rule.QUORUM_BOUND);
    }
    Situation situation =
        new Situation(WORLD, rules, sites, colluders, new int[] {everyone}, shown, 0);
    int[] behaviour = sent.stream().limit(sites - colluders).mapToInt(i -> i).toArray();
    boolean[] supported = {true, true, true};

    Knowledge.Seeds seeds = Knowledge.Seeds.opened(situation, 0, behaviour, supported);
    RowSpace elimination = eliminate(situation, seeds);
    int masks = sites + sites * sites;
    List<Integer> sums = Knowledge.sums(situation, 0, behaviour, supported);

    assertThat(sums).hasSize(elimination.rankBeyond(masks));
    for (int sum : sums) {
      long[] row = new long[masks + sites];
      for (int u = 0; u < sites; u++) {
        row[masks + u] = sum >> u & 1;
      }
      assertThat(elimination.add(row)).as("sum over %s is new", Situation.names(sum)).isFalse();
    }
  }

  /** Unknowns: b_u, then s_uv at [u][v] with u below v, then x_u. */
  private static RowSpace eliminate(Situation situation, Knowledge.Seeds seeds) {
    int sites = situation.sites();
    int masks = sites + sites * sites;
    RowSpace space = new RowSpace(masks + sites);
    for (int u = 0; u < sites; u++) {
      if ((situation.honest() >> u & 1) == 0) {
        continue;
      }
      long[] upload = new long[masks + sites];
      upload[u] = 1;
      upload[masks + u] = 1;
      for (int v = 0; v < sites; v++) {
        if (v == u || (situation.honest() >> v & 1) == 0) {
          continue;
        }
        int pair = sites + Math.min(u, v) * sites + Math.max(u, v);
        upload[pair] = v > u ? 1 : -1;
        if ((seeds.unknownPairs(u) >> v & 1) == 0) {
          space.add(unit(pair, masks + sites));
        }
      }
      if ((seeds.uploaded() >> u & 1) != 0) {
        space.add(upload);
      }
      if ((seeds.selfKnown() >> u & 1) != 0) {
        space.add(unit(u, masks + sites));
      }
    }
    return space;
  }

  private static long[] unit(int column, int columns) {
    long[] row = new long[columns];
    row[column] = 1;
    return row;
  }
}
