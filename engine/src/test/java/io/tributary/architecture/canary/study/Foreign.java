package io.tributary.architecture.canary.study;

import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.vector.BigIntVector;
import org.bouncycastle.crypto.digests.SHA256Digest;

/** Uses libraries that its package must not know. */
final class Foreign {
  private Foreign() {}

  static int digestSize() {
    return new SHA256Digest().getDigestSize();
  }

  static int rows(BigIntVector vector) {
    return vector.getValueCount();
  }

  static int port(Socket socket) {
    return socket.getPort();
  }

  static boolean open(FileChannel channel) {
    return channel.isOpen();
  }

  static void print(Path path) {
    System.out.println(Files.exists(path));
  }
}
