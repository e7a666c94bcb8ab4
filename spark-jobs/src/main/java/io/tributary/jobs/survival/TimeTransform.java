package io.tributary.jobs.survival;

/** Functions of time along which a hazard ratio may change, as R's cox.zph has them. */
public enum TimeTransform {
  /** One less the survival curve of all rows just before the time. */
  KM,
  /** Rank of the time among all rows' times, ties at their mean. */
  RANK,
  IDENTITY,
  LOG;

  /**
   * The function at each cell, less its mean over events.
   *
   * @param all life table of the rows of all strata
   * @return [cells]; not finite for the logarithm of a time 0
   */
  public double[] at(TimeGrid grid, LifeTable all, EventTimes times) {
    double[] values = new double[times.cells()];
    Curve curve = Curve.of(all);
    double sum = 0;
    double events = 0;
    for (int cell = 0; cell < values.length; cell++) {
      double time = grid.time(times.index(cell));
      values[cell] = at(time, all, curve);
      sum += (double) times.events(cell) * values[cell];
      events += (double) times.events(cell);
    }
    for (int cell = 0; cell < values.length; cell++) {
      values[cell] -= sum / events;
    }
    return values;
  }

  private double at(double time, LifeTable all, Curve curve) {
    return switch (this) {
      case IDENTITY -> time;
      case LOG -> StrictMath.log(time);
      case KM -> {
        int before = 0;
        while (all.time(before) < time) {
          before++;
        }
        yield 1 - curve.survival(before);
      }
      case RANK -> {
        long before = 0;
        int i = 0;
        for (; all.time(i) < time; i++) {
          before += all.events(i) + all.censored(i);
        }
        yield (double) before + (double) (all.events(i) + all.censored(i) + 1) / 2;
      }
    };
  }
}
