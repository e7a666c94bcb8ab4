package io.tributary.connectors.exchange.flight;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.memory.OutOfMemoryException;

/**
 * Errors on their way from the coordinator to a site. Only a code's name travels, as the
 * description of a status: sentences are for those who can act on them, at the end where they are
 * shown.
 */
final class CallErrors {
  /** No room or too many calls now. */
  static final String AGAIN = "AGAIN";

  /** The site may not use this name. */
  static final String DENIED = "DENIED";

  static final String TLS_REFUSED = ErrorCode.TLS_REFUSED.name();

  private CallErrors() {}

  static FlightRuntimeException again() {
    return CallStatus.RESOURCE_EXHAUSTED.withDescription(AGAIN).toRuntimeException();
  }

  static FlightRuntimeException denied() {
    return CallStatus.UNAUTHORIZED.withDescription(DENIED).toRuntimeException();
  }

  static FlightRuntimeException absent() {
    return CallStatus.NOT_FOUND.withDescription("ABSENT").toRuntimeException();
  }

  static FlightRuntimeException late() {
    return CallStatus.TIMED_OUT
        .withDescription(ErrorCode.DEADLINE_PASSED.name())
        .toRuntimeException();
  }

  /** What a site gets to know of a failure at the coordinator. */
  static FlightRuntimeException toPeer(Throwable failure) {
    if (failure instanceof FlightRuntimeException status) {
      return status;
    }
    if (failure instanceof TributaryException e) {
      return status(e.code()).withDescription(e.code().name()).toRuntimeException();
    }
    if (failure instanceof OutOfMemoryException) {
      return again();
    }
    return CallStatus.INTERNAL.withDescription(ErrorCode.INTERNAL.name()).toRuntimeException();
  }

  private static CallStatus status(ErrorCode code) {
    if (code == ErrorCode.EXCHANGE_CONFLICT) {
      return CallStatus.ALREADY_EXISTS;
    }
    return code == ErrorCode.BAD_MESSAGE ? CallStatus.INVALID_ARGUMENT : CallStatus.INTERNAL;
  }

  /** The code that the coordinator sent, if it sent one. */
  static Optional<ErrorCode> code(FlightRuntimeException e) {
    String description = String.valueOf(e.status().description());
    return Stream.of(ErrorCode.values())
        .filter(code -> code.name().equals(description))
        .findFirst();
  }

  static boolean isDenied(FlightRuntimeException e) {
    return e.status().code() == FlightStatusCode.UNAUTHORIZED;
  }

  static boolean isAbsent(FlightRuntimeException e) {
    return e.status().code() == FlightStatusCode.NOT_FOUND;
  }
}
