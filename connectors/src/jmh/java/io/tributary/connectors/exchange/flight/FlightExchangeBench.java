package io.tributary.connectors.exchange.flight;

import io.tributary.exchange.InMemoryExchange;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One stream between a site and a coordinator on loopback, mutual TLS, store in memory. Both ends
 * share this machine's cores. MB/s = bytes / 1000 / ms.
 *
 * <pre>
 *   mvn -Pbench -pl connectors -am test-compile exec:exec@jmh -Dbench=FlightExchangeBench
 * </pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class FlightExchangeBench {
  @Param({"1000", "262144", "8388608"})
  int bytes;

  private Federation federation;
  private FlightExchange site;
  private byte[] object;
  private long number;

  @Setup
  public void connect() {
    federation = Federation.over(new InMemoryExchange(), 1);
    site = federation.connect(0);
    object = new byte[bytes];
    new Random(1).nextBytes(object);
    site.put("fixed/object", object);
  }

  /** Keeps the heap from filling with objects put. */
  @Setup(Level.Iteration)
  public void empty() {
    federation.server.exchange().remove("put");
  }

  @TearDown
  public void close() {
    federation.close();
  }

  @Benchmark
  public void put() {
    object[0]++;
    site.put("put/" + number++, object);
  }

  @Benchmark
  public byte[] get() {
    return site.get("fixed/object").orElseThrow();
  }
}
