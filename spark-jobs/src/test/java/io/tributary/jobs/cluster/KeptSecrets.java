package io.tributary.jobs.cluster;

import io.tributary.codec.Canonical;
import io.tributary.codec.Digest;
import io.tributary.identity.StoreKey;
import io.tributary.study.SiteConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The secrets of a site: its key files, and each content that its sealed file of secrets has had
 * since this began to look, since keys of closed steps are erased there.
 */
public final class KeptSecrets implements AutoCloseable {
  private static final int KEY_BYTES = 32;
  private static final long LOOK_MILLIS = 5;
  private static final int MAX_BYTES = 64 << 20;

  private final SiteConfig site;
  private final Map<Digest, byte[]> sealed = new LinkedHashMap<>();
  private final Map<Digest, Digest> studies = new LinkedHashMap<>();
  private final Thread watch = new Thread(this::watch, "kept-secrets");
  private volatile boolean closed;

  public KeptSecrets(SiteConfig site) {
    this.site = site;
    watch.setDaemon(true);
    watch.start();
  }

  private void watch() {
    while (!closed) {
      look();
      try {
        Thread.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private synchronized void look() {
    Path secrets = site.state().resolve("secrets");
    try (var files = Files.list(secrets)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith(".new")) {
          byte[] content = Files.readAllBytes(file);
          Digest digest = Digest.sha256(content);
          sealed.put(digest, content);
          studies.put(digest, Digest.ofHex(name));
        }
      }
    } catch (NoSuchFileException e) {
      // Not begun yet, or just replaced: the next look sees it.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All secrets seen so far, by what they are; each value once. */
  public synchronized Map<String, byte[]> secrets() throws IOException, GeneralSecurityException {
    look();
    Map<String, byte[]> found = new LinkedHashMap<>();
    byte[] identity = pkcs8(site.identity().key());
    found.put(
        "identity key",
        ((EdECPrivateKey)
                KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new PKCS8EncodedKeySpec(identity)))
            .getBytes()
            .orElseThrow());
    byte[] tls = pkcs8(site.tls().orElseThrow().key());
    found.put(
        "TLS key",
        scalar(
            (ECPrivateKey)
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(tls))));
    Path storeKey = site.state().resolve("store.key");
    found.put("store key", Files.readAllBytes(storeKey));
    StoreKey opener = StoreKey.openOrCreate(storeKey, new SecureRandom());
    Set<ByteBuffer> known = new HashSet<>();
    sealed.forEach(
        (digest, content) -> {
          Digest study = studies.get(digest);
          Canonical.Reader in =
              Canonical.read(opener.open(content, study.bytes()), "secrets/v1", 4);
          String generation = study.shortHex() + " generation " + in.u64();
          in.u64();
          in.digest();
          read(in.bytes(MAX_BYTES), generation)
              .forEach(
                  (name, key) -> {
                    if (known.add(ByteBuffer.wrap(key))) {
                      found.put(name, key);
                    }
                  });
        });
    return found;
  }

  /** Layout: {@code io.tributary.protocol.site.SiteSecrets#encode}. */
  private static Map<String, byte[]> read(byte[] plaintext, String generation) {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    Canonical.Reader in = Canonical.read(plaintext, "site-secrets/v1", 3);
    for (byte[] item : in.list(1 << 12, 40)) {
      ByteBuffer field = ByteBuffer.wrap(item);
      keys.put("epoch key " + field.getLong() + ", " + generation, key(field));
    }
    for (byte[] item : in.list(1 << 12, MAX_BYTES)) {
      ByteBuffer field = ByteBuffer.wrap(item);
      String where = "epoch " + field.getLong() + ", " + generation;
      field.getShort();
      int jobs = field.getShort();
      int sites = field.getShort();
      keys.put("channel key, " + where, key(field));
      for (int job = 0; job < jobs; job++) {
        int step = field.getInt();
        for (int peer = 0; peer < sites; peer++) {
          byte[] key = key(field);
          // Of the site itself, and of a job that is over, there is none.
          if (!Arrays.equals(key, new byte[KEY_BYTES])) {
            keys.put("key of step " + job + "." + step + " with " + peer + ", " + where, key);
          }
        }
      }
    }
    for (byte[] item : in.list(1 << 16, 40)) {
      ByteBuffer field = ByteBuffer.wrap(item);
      keys.put(
          "randomness of step " + field.getInt() + "." + field.getInt() + ", " + generation,
          key(field));
    }
    in.end();
    return keys;
  }

  private static byte[] key(ByteBuffer field) {
    byte[] key = new byte[KEY_BYTES];
    field.get(key);
    return key;
  }

  private static byte[] pkcs8(Path pem) throws IOException {
    String text = Files.readString(pem, StandardCharsets.US_ASCII);
    return Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", ""));
  }

  /** Big-endian, 32 bytes. */
  private static byte[] scalar(ECPrivateKey key) {
    byte[] signed = key.getS().toByteArray();
    byte[] scalar = new byte[KEY_BYTES];
    int length = Math.min(signed.length, KEY_BYTES);
    System.arraycopy(signed, signed.length - length, scalar, KEY_BYTES - length, length);
    return scalar;
  }

  @Override
  public void close() {
    closed = true;
    watch.interrupt();
  }

  @Override
  public String toString() {
    return "KeptSecrets[" + site.site() + ", withheld]";
  }
}
