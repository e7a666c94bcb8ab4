package io.tributary.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tributary.study.ErrorCode;
import io.tributary.study.SiteId;
import io.tributary.study.Study;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * 3 + c counts organisations: a roster in which the colluding organisations have more sites than c
 * is refused by every site of a study with support rounds (PROTOCOL.md 2.11).
 */
class SupportRoundRosterTest {
  private static final int SITES = 6;

  private static Federation.Run run(
      IntFunction<String> organisations, Study.SupportRound supportRound, Federation[] kept) {
    Federation federation = new Federation(SITES, 71, organisations);
    kept[0] = federation;
    Map<SiteId, long[]> data = federation.data(3);
    Study plain = federation.study("supported", SITES, Optional.empty(), 4, 1);
    Study study =
        new Study(
            plain.name(),
            plain.sites(),
            plain.minContributors(),
            plain.colluding(),
            plain.shape(),
            plain.analyst(),
            plain.purpose(),
            plain.validUntil(),
            plain.cohort(),
            plain.columns(),
            plain.analyses(),
            new Study.ReleaseFloor(5, 10, 0.3, supportRound, 1));
    Federation.Run run = federation.run(study, List.of(StepSums.of(SITES, 3, 1)), data);
    run.startAll();
    for (int i = 0; i < 60 && !run.coordinator().isOver(); i++) {
      run.pass();
    }
    return run;
  }

  @Test
  void organisationsWithSeveralSitesAreTooMany() {
    Federation[] kept = new Federation[1];
    IntFunction<String> owned = site -> "organisation " + Math.max(1, site);
    Federation.Run run = run(owned, Study.SupportRound.REQUIRED, kept);
    assertThat(run.declined).isNotEmpty().containsOnly(ErrorCode.ROSTER_TOO_WEAK);
    assertThat(run.coordinator().results()).isEmpty();
    kept[0].close();
    for (IntFunction<String> organisations :
        List.<IntFunction<String>>of(site -> "organisation " + site, owned)) {
      Study.SupportRound asked =
          organisations == owned ? Study.SupportRound.NONE : Study.SupportRound.REQUIRED;
      Federation.Run fine = run(organisations, asked, kept);
      assertThat(fine.declined).isEmpty();
      assertThat(fine.coordinator().results()).isNotEmpty();
      kept[0].close();
    }
  }
}
