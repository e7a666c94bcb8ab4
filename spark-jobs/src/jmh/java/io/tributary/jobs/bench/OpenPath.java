package io.tributary.jobs.bench;

import io.tributary.analysis.Aggregate;
import io.tributary.analysis.EarlierSums;
import io.tributary.analysis.Layout;
import io.tributary.analysis.Partial;
import io.tributary.analysis.Program;
import io.tributary.analysis.Step;
import io.tributary.codec.ArrowFrame;
import io.tributary.codec.Digest;
import io.tributary.codec.FixedPoint;
import io.tributary.codec.FixedVector;
import io.tributary.codec.FrameHeader;
import io.tributary.codec.FrameShape;
import io.tributary.codec.LayoutDigest;
import io.tributary.exchange.InMemoryExchange;
import io.tributary.masking.Unmasker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The pipeline with its masks off, for comparison only and nowhere in the product: the same Spark
 * jobs, the same words in the same Arrow frames through an exchange in memory, hashed, read back,
 * added and handed to the same update; no keys, no signatures, no certificate, no journal.
 *
 * @param rounds sums taken
 */
record OpenPath(int rounds) {
  private static final Digest ANY = Digest.sha256(new byte[0]);

  static <D> OpenPath run(Program<D, ?> program, List<D> sites) {
    return run(program, sites, result -> {});
  }

  /**
   * The same.
   *
   * @param result takes what the last sum gives
   */
  static <D, R> OpenPath run(Program<D, R> program, List<D> sites, Consumer<R> result) {
    byte[] state = program.start();
    Kept kept = new Kept(new ArrayList<>(), new ArrayList<>());
    try (InMemoryExchange exchange = new InMemoryExchange()) {
      for (int round = 1; ; round++) {
        Layout layout = program.layout(state);
        for (int site = 0; site < sites.size(); site++) {
          send(exchange, round, site, program.contribute(state, sites.get(site)));
        }
        int number = round;
        Aggregate sum =
            Aggregate.of(
                layout,
                sites.size(),
                block -> receive(exchange, layout, number, sites.size(), block));
        Step<byte[], R> step = program.update(state, sum, kept);
        if (step instanceof Step.Done<byte[], R> done) {
          result.accept(done.result());
          return new OpenPath(round);
        }
        kept.states().add(state);
        kept.sums().add(sum);
        state = ((Step.Next<byte[], R>) step).state();
      }
    }
  }

  /** The sums so far; frames stay on the exchange. */
  private record Kept(List<byte[]> states, List<Aggregate> sums) implements EarlierSums {
    @Override
    public int size() {
      return sums.size();
    }

    @Override
    public byte[] state(int step) {
      return states.get(step);
    }

    @Override
    public Aggregate sum(int step) {
      return sums.get(step);
    }
  }

  private static void send(InMemoryExchange exchange, int round, int site, Partial partial) {
    for (int block = 0; block < partial.layout().blocks(); block++) {
      FixedVector vector = FixedPoint.encode(partial, block);
      byte[] bytes =
          ArrowFrame.encode(new FrameHeader(ANY, ANY, site, block, ANY), vector.wordsInTheClear());
      exchange.put(name(round, site, block, Digest.sha256(bytes)), bytes);
    }
  }

  private static long[] receive(
      InMemoryExchange exchange, Layout layout, int round, int sites, int block) {
    FrameShape shape = LayoutDigest.frame(layout, block);
    long[] sum = new long[shape.totalWords()];
    for (int site = 0; site < sites; site++) {
      String name = exchange.list(folder(round, site, block)).get(0);
      byte[] bytes = exchange.get(name).orElseThrow();
      if (!name.endsWith(Digest.sha256(bytes).shortHex())) {
        throw new IllegalStateException("a frame has changed on its way");
      }
      long[] words =
          ArrowFrame.decode(bytes, new FrameHeader(ANY, ANY, site, block, ANY), sum.length);
      Unmasker.add(sum, words, shape.wideElements(), shape.narrowElements());
    }
    return Arrays.copyOf(sum, shape.dataWords());
  }

  private static String folder(int round, int site, int block) {
    return "frames/%05d/%03d/%05d".formatted(round, site, block);
  }

  private static String name(int round, int site, int block, Digest digest) {
    return folder(round, site, block) + "/" + digest.shortHex();
  }
}
