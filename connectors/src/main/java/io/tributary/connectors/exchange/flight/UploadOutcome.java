package io.tributary.connectors.exchange.flight;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightClient.PutListener;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.PutResult;

/** How an upload ends; gRPC's deadline of the call sees to it that it does. */
final class UploadOutcome implements PutListener {
  private final CompletableFuture<Void> end = new CompletableFuture<>();

  /** Waits for the end; throws what the coordinator sent. */
  @Override
  public void getResult() {
    try {
      end.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CallStatus.CANCELLED.withCause(e).withDescription("interrupted").toRuntimeException();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FlightRuntimeException status) {
        throw status;
      }
      throw CallStatus.UNKNOWN.withCause(e.getCause()).toRuntimeException();
    }
  }

  @Override
  public void onNext(PutResult result) {
    // The server sends nothing but the end; what comes here otherwise belongs to nobody.
    result.close();
  }

  @Override
  public void onError(Throwable failure) {
    end.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    end.complete(null);
  }

  /** Whether the call has ended, also well: then nothing more need be sent. */
  @Override
  public boolean isCancelled() {
    return end.isDone();
  }
}
