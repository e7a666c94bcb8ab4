package io.tributary.exchange;

final class InMemoryExchangeTest extends ExchangeContract {
  private final InMemoryExchange exchange = new InMemoryExchange();

  @Override
  protected Exchange connect() {
    return exchange;
  }

  @Override
  protected int manyObjects() {
    return 100_000;
  }

  @Override
  protected int manyParties() {
    return 50;
  }
}
