package io.tributary.connectors.exchange.filesystem;

import java.io.IOException;

/** A file system that cannot keep the promises of an exchange; the message is one sentence. */
final class UnsuitableFileSystemException extends IOException {
  UnsuitableFileSystemException(String message) {
    super(message);
  }

  UnsuitableFileSystemException(String message, Throwable cause) {
    super(message, cause);
  }
}
