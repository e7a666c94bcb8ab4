package io.tributary.identity;

import io.tributary.codec.Canonical;
import io.tributary.study.Errors;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * A private key in a file that only its owner can read.
 *
 * <pre>
 *   -----BEGIN PRIVATE KEY-----                 PKCS #8 in DER, base64; what other tools read too
 *   -----BEGIN TRIBUTARY ENCRYPTED KEY-----     base64 of
 *       enc(key-file/v1, u8 log2 N, u8 r, u8 p, salt [16], AES-256-GCM of the PKCS #8)
 *       key = scrypt(password in UTF-8, salt, N, r, p), nonce 0, associated data = the first four
 *       fields under the label key-file-header/v1
 * </pre>
 *
 * A fresh salt makes a fresh key for every file, so the nonce may be fixed.
 */
public final class KeyFile {
  private static final String PLAIN = "PRIVATE KEY";
  private static final String ENCRYPTED = "TRIBUTARY ENCRYPTED KEY";
  private static final int SALT_BYTES = 16;
  private static final int GCM_TAG_BITS = 128;
  private static final int MAX_FILE_BYTES = 16 * 1024;
  private static final int LINE_CHARS = 64;

  // scrypt (RFC 7914) in 64 MiB, about a quarter of a second; readers accept 16 MiB to 1 GiB.
  private static final int LOG2_N = 16;
  private static final int MIN_LOG2_N = 14;
  private static final int MAX_LOG2_N = 20;
  private static final int SCRYPT_R = 8;
  private static final int SCRYPT_P = 1;

  private KeyFile() {}

  /**
   * Writes a new file, readable by its owner only; an existing file is never replaced.
   *
   * @param password to encrypt with, or empty; the caller zeroes it
   * @param random for the salt
   */
  public static void write(
      Path file, SigningIdentity identity, Optional<char[]> password, SecureRandom random) {
    byte[] der = identity.pkcs8();
    try {
      writePkcs8(file, der, password, random);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /**
   * Reads a signing key. KEY_INVALID if others can read the file, if it has another form, if a
   * password is missing or wrong.
   */
  public static SigningIdentity read(Path file, Optional<char[]> password) {
    byte[] der = readPkcs8(file, password);
    try {
      return SigningIdentity.ofPkcs8(der);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  static void writePkcs8(Path file, byte[] der, Optional<char[]> password, SecureRandom random) {
    if (password.isEmpty()) {
      writeNew(file, pem(PLAIN, der), true);
    } else {
      writeNew(file, pem(ENCRYPTED, encrypt(der, password.get(), random)), true);
    }
  }

  static byte[] readPkcs8(Path file, Optional<char[]> password) {
    checkOwnerOnly(file);
    byte[] text = readSmall(file);
    try {
      if (startsWith(text, begin(PLAIN))) {
        return unpem(file, PLAIN, text);
      }
      if (!startsWith(text, begin(ENCRYPTED))) {
        throw invalid(file, "holds no private key", "Name the file that 'keys new' wrote.");
      }
      if (password.isEmpty()) {
        throw invalid(file, "is encrypted", "Give its password.");
      }
      return decrypt(file, unpem(file, ENCRYPTED, text), password.get());
    } finally {
      Arrays.fill(text, (byte) 0);
    }
  }

  private static byte[] encrypt(byte[] der, char[] password, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[][] header = {Canonical.u8(LOG2_N), Canonical.u8(SCRYPT_R), Canonical.u8(SCRYPT_P), salt};
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, password, LOG2_N, header).doFinal(der);
      return Canonical.enc("key-file/v1", header[0], header[1], header[2], salt, sealed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM/NoPadding", e);
    }
  }

  private static byte[] decrypt(Path file, byte[] object, char[] password) {
    byte[][] header;
    int log2N;
    byte[] sealed;
    try {
      Canonical.Reader in = Canonical.read(object, "key-file/v1", 5);
      log2N = in.u8();
      header =
          new byte[][] {Canonical.u8(log2N), in.exactly(1), in.exactly(1), in.exactly(SALT_BYTES)};
      sealed = in.bytes(MAX_FILE_BYTES);
      in.end();
    } catch (TributaryException e) {
      throw invalid(file, "is damaged", "Restore it from a backup.");
    }
    if (log2N < MIN_LOG2_N
        || log2N > MAX_LOG2_N
        || header[1][0] != SCRYPT_R
        || header[2][0] != SCRYPT_P) {
      throw invalid(file, "asks for scrypt parameters that are not used", "Make a new key.");
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, password, log2N, header).doFinal(sealed);
    } catch (AEADBadTagException e) {
      throw invalid(file, "does not open with this password", "Give the right password.");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES/GCM/NoPadding", e);
    }
  }

  private static Cipher cipher(int mode, char[] password, int log2N, byte[][] header)
      throws GeneralSecurityException {
    byte[] room = new byte[3 * password.length];
    ByteBuffer out = ByteBuffer.wrap(room);
    StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(password), out, true);
    byte[] utf8 = Arrays.copyOf(room, out.position());
    byte[] key = SCrypt.generate(utf8, header[3], 1 << log2N, SCRYPT_R, SCRYPT_P, 32);
    Arrays.fill(room, (byte) 0);
    Arrays.fill(utf8, (byte) 0);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(GCM_TAG_BITS, new byte[12]));
    Arrays.fill(key, (byte) 0);
    cipher.updateAAD(Canonical.enc("key-file-header/v1", header));
    return cipher;
  }

  // ---- PEM and files ---------------------------------------------------------------------------

  static byte[] pem(String type, byte[] content) {
    byte[] base64 = Base64.getMimeEncoder(LINE_CHARS, new byte[] {'\n'}).encode(content);
    byte[] begin = (begin(type) + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] end = ("\n" + end(type) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer out = ByteBuffer.allocate(begin.length + base64.length + end.length);
    out.put(begin).put(base64).put(end);
    Arrays.fill(base64, (byte) 0);
    return out.array();
  }

  /** Works on bytes throughout: a String of a key could not be erased. */
  static byte[] unpem(Path file, String type, byte[] text) {
    byte[] begin = begin(type).getBytes(StandardCharsets.US_ASCII);
    byte[] end = end(type).getBytes(StandardCharsets.US_ASCII);
    byte[] packed = new byte[text.length];
    int size = 0;
    for (int i = begin.length; i < text.length; i++) {
      if (text[i] != '\n' && text[i] != '\r') {
        packed[size++] = text[i];
      }
    }
    int bodySize = size - end.length;
    byte[] body = Arrays.copyOf(packed, Math.max(0, bodySize));
    try {
      if (!startsWith(text, begin(type))
          || bodySize < 0
          || !Arrays.equals(packed, bodySize, size, end, 0, end.length)) {
        throw new IllegalArgumentException("no frame of type " + type);
      }
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException e) {
      throw invalid(file, "is no PEM file of type " + type, "Restore it from a backup.");
    } finally {
      Arrays.fill(packed, (byte) 0);
      Arrays.fill(body, (byte) 0);
    }
  }

  private static boolean startsWith(byte[] text, String prefix) {
    byte[] wanted = prefix.getBytes(StandardCharsets.US_ASCII);
    return text.length >= wanted.length
        && Arrays.equals(text, 0, wanted.length, wanted, 0, wanted.length);
  }

  private static String begin(String type) {
    return "-----BEGIN " + type + "-----";
  }

  private static String end(String type) {
    return "-----END " + type + "-----";
  }

  /** Creates, writes and forces the file; a secret one is never visible to others, not briefly. */
  static void writeNew(Path file, byte[] content, boolean ownerOnly) {
    FileAttribute<?>[] attributes =
        ownerOnly && isPosix(file)
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(
                  EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
            }
            : new FileAttribute<?>[0];
    try (FileChannel out =
        FileChannel.open(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes)) {
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        out.write(buffer);
      }
      out.force(true);
    } catch (FileAlreadyExistsException e) {
      throw invalid(file, "exists already", "Choose another name, or move the old file away.");
    } catch (IOException e) {
      throw Errors.storageFailed(
          "File " + file + " could not be written.", "Look at the folder and its rights.", e);
    } finally {
      if (ownerOnly) {
        Arrays.fill(content, (byte) 0);
      }
    }
  }

  /**
   * A symmetric key that rests in a file which its owner alone can read; made there at first.
   * KEY_INVALID if the file has another length or others can read it.
   *
   * @param bytes its length
   * @param kind for errors, such as "store key"
   */
  static byte[] openOrCreateSymmetric(Path file, int bytes, String kind, SecureRandom random) {
    if (!Files.exists(file)) {
      byte[] fresh = new byte[bytes];
      random.nextBytes(fresh);
      writeNew(file, fresh.clone(), true);
      return fresh;
    }
    checkOwnerOnly(file);
    byte[] found = readSmall(file);
    if (found.length != bytes) {
      throw invalid(file, "is no " + kind, "Restore it with the folder it belongs to.");
    }
    return found;
  }

  static byte[] readSmall(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw invalid(file, "is too large for a key", "Name the file that 'keys new' wrote.");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw invalid(file, "cannot be read", "Look whether it exists and its owner runs this.");
    }
  }

  static void checkOwnerOnly(Path file) {
    try {
      if (Files.exists(file)
          && isPosix(file)
          && Files.getPosixFilePermissions(file).stream()
              .anyMatch(permission -> !permission.name().startsWith("OWNER"))) {
        throw invalid(file, "can be read by others", "Run: chmod 600 " + file);
      }
    } catch (IOException e) {
      throw invalid(file, "cannot be read", "Look whether it exists and its owner runs this.");
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static RuntimeException invalid(Path file, String problem, String remedy) {
    return Errors.keyInvalid("Key file " + file + " " + problem + ".", "", remedy);
  }
}
