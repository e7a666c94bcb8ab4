package io.tributary.jobs.analysis.elasticnet;

import io.tributary.analysis.Aggregate;
import io.tributary.jobs.analysis.Reals;
import io.tributary.jobs.analysis.elasticnet.NetResult.Point;
import io.tributary.jobs.analysis.elasticnet.NetState.Counted;
import io.tributary.jobs.analysis.elasticnet.NetState.Spread;
import io.tributary.jobs.linalg.Cholesky;
import java.util.ArrayList;
import java.util.List;

/** All fits of a linear model from the products of each part: no row is looked at again. */
final class LinearPath {
  private final ElasticNetAnalysis analysis;
  private final Counted counted;
  private final Spread spread;
  private final NetScaling scaling;
  private final int size;
  private final double[][] grams;
  private final double[][] products;
  private final double[] squares;

  LinearPath(ElasticNetAnalysis analysis, Counted counted, Spread spread, Aggregate sum) {
    this.analysis = analysis;
    this.counted = counted;
    this.spread = spread;
    this.scaling = NetScaling.of(counted, spread);
    this.size = analysis.columns() + 1;
    this.grams = new double[counted.parts()][];
    this.products = new double[counted.parts()][];
    this.squares = sum.values(GramKernel.SQUARES);
    for (int part = 0; part < grams.length; part++) {
      grams[part] = sum.values(GramKernel.GRAM + part);
      products[part] = sum.values(GramKernel.PRODUCTS + part);
    }
  }

  List<Point> points() {
    Reals lambdas = analysis.lambdas(counted, spread);
    List<Reals> all = fits(-1, lambdas);
    List<double[]> errors = new ArrayList<>();
    for (int part = 0; part < counted.parts() && counted.parts() > 1; part++) {
      List<Reals> without = fits(part, lambdas);
      double[] mean = new double[lambdas.size()];
      double scale = scaling.scales().at(size - 1);
      for (int i = 0; i < mean.length; i++) {
        double left = residual(grams[part], products[part], squares[part], without.get(i));
        mean[i] = scale * scale * left / counted.persons().at(part);
      }
      errors.add(mean);
    }
    double[] gram = total(grams, -1);
    double[] product = total(products, -1);
    double square = 0;
    for (double part : squares) {
      square += part;
    }
    double n = counted.persons().sum();
    // About the mean, which is the centre but for its rounding.
    double none = square - product[0] * product[0] / n;
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < lambdas.size(); i++) {
      double explained = 1 - residual(gram, product, square, all.get(i)) / none;
      points.add(
          ElasticNetAnalysis.point(
              lambdas.at(i), scaling.estimates(all.get(i), true), explained, counted, errors, i));
    }
    return points;
  }

  /** Fits without a part, from the strongest penalty on, each from the one before. */
  private List<Reals> fits(int left, Reals lambdas) {
    TrainingSet rows = TrainingSet.without(left, counted, spread);
    double[] gram = total(grams, left);
    double[] product = total(products, left);
    List<Reals> fits = new ArrayList<>();
    Reals at = Reals.zeros(size);
    for (int i = 0; i < lambdas.size(); i++) {
      Penalty penalty = analysis.penalty(scaling, rows, lambdas.at(i));
      at = new PenalisedQuadratic(gram, product, penalty).solve(at);
      fits.add(at);
    }
    return fits;
  }

  private static double[] total(double[][] parts, int left) {
    double[] total = new double[parts[0].length];
    for (int part = 0; part < parts.length; part++) {
      for (int i = 0; i < total.length && part != left; i++) {
        total[i] += parts[part][i];
      }
    }
    return total;
  }

  /** Sum of squares of the residuals, from products: y'y - 2 b'z'y + b'z'z b. */
  private double residual(double[] gram, double[] product, double square, Reals b) {
    double sum = square;
    for (int j = 0; j < size; j++) {
      double row = 0;
      for (int k = 0; k < size; k++) {
        row += gram[Cholesky.packed(size, Math.min(j, k), Math.max(j, k))] * b.at(k);
      }
      sum += b.at(j) * (row - 2 * product[j]);
    }
    return Math.max(0, sum);
  }
}
