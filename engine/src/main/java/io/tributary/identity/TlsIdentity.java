package io.tributary.identity;

import io.tributary.codec.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A TLS certificate with its private key: self-signed, ECDSA on P-256, trusted because the
 * consortium file lists its {@link #fingerprint} (PROTOCOL.md 2.4, E0), not because someone issued
 * it. Good for both ends of a connection.
 */
public final class TlsIdentity {
  /** Clocks of two machines may differ by this much without a fresh certificate being refused. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final int SERIAL_BITS = 159;
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private final X509Certificate certificate;
  private final PrivateKey privateKey;

  private TlsIdentity(X509Certificate certificate, PrivateKey privateKey) {
    this.certificate = certificate;
    this.privateKey = privateKey;
  }

  /**
   * Makes a key pair and its certificate.
   *
   * @param name common name: the site id, or "coordinator"
   * @param hosts DNS names and IP addresses under which it is reached; may be empty for a client
   * @param clock valid from its time, less an hour
   * @param validity how long
   */
  public static TlsIdentity create(
      String name, List<String> hosts, Clock clock, Duration validity, SecureRandom random) {
    if (validity.isNegative() || validity.isZero()) {
      throw new IllegalArgumentException("validity=" + validity);
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      Instant now = clock.instant();
      X500Name subject = new X500NameBuilder().addRDN(BCStyle.CN, name).build();
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              subject,
              new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1),
              Date.from(now.minus(BACKDATED)),
              Date.from(now.plus(validity)),
              subject,
              pair.getPublic());
      addExtensions(builder, hosts);
      X509CertificateHolder holder =
          builder.build(
              new JcaContentSignerBuilder("SHA256withECDSA")
                  .setSecureRandom(random)
                  .build(pair.getPrivate()));
      return new TlsIdentity(parse(holder.getEncoded()), pair.getPrivate());
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("every Java platform has ECDSA on P-256", e);
    }
  }

  private static void addExtensions(JcaX509v3CertificateBuilder builder, List<String> hosts)
      throws IOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage,
        false,
        new ExtendedKeyUsage(
            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
    if (!hosts.isEmpty()) {
      GeneralName[] names =
          hosts.stream()
              .map(
                  host ->
                      new GeneralName(
                          isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
    }
  }

  private static boolean isAddress(String host) {
    return host.indexOf(':') >= 0 || IPV4.matcher(host).matches();
  }

  /**
   * Writes certificate and key as two new files; the key is readable by its owner only.
   *
   * @param password to encrypt the key with, or empty
   */
  public void write(
      Path certificateFile, Path keyFile, Optional<char[]> password, SecureRandom random) {
    if (Files.exists(certificateFile)) {
      throw KeyFile.invalid(
          certificateFile, "exists already", "Choose another name, or move the old file away.");
    }
    byte[] der = privateKey.getEncoded();
    try {
      KeyFile.writePkcs8(keyFile, der, password, random);
      KeyFile.writeNew(certificateFile, KeyFile.pem(CERTIFICATE, certificate.getEncoded()), false);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was made can be encoded", e);
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /**
   * Reads both files. KEY_INVALID as in {@link KeyFile#read}, or if they do not belong together.
   */
  public static TlsIdentity read(Path certificateFile, Path keyFile, Optional<char[]> password) {
    X509Certificate certificate = readCertificate(certificateFile);
    byte[] der = KeyFile.readPkcs8(keyFile, password);
    try {
      PrivateKey key = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
      TlsIdentity identity = new TlsIdentity(certificate, key);
      if (!identity.belongTogether()) {
        throw KeyFile.invalid(
            keyFile,
            "is not the key of " + certificateFile,
            "Name the pair that was made at once.");
      }
      return identity;
    } catch (GeneralSecurityException e) {
      throw KeyFile.invalid(keyFile, "holds no key on P-256", "Name the file 'keys new' wrote.");
    } finally {
      Arrays.fill(der, (byte) 0);
    }
  }

  /** Reads a certificate in PEM. KEY_INVALID if there is none. */
  public static X509Certificate readCertificate(Path file) {
    byte[] der = KeyFile.unpem(file, CERTIFICATE, KeyFile.readSmall(file));
    try {
      return parse(der);
    } catch (GeneralSecurityException e) {
      throw KeyFile.invalid(file, "holds no certificate", "Name the file that 'keys new' wrote.");
    }
  }

  private boolean belongTogether() throws GeneralSecurityException {
    byte[] message = Digest.ZERO.bytes();
    java.security.Signature signer = java.security.Signature.getInstance("SHA256withECDSA");
    signer.initSign(privateKey);
    signer.update(message);
    byte[] signature = signer.sign();
    signer.initVerify(certificate.getPublicKey());
    signer.update(message);
    return signer.verify(signature);
  }

  private static X509Certificate parse(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** For the TLS stack only. */
  public PrivateKey privateKey() {
    return privateKey;
  }

  /** SHA-256 of the certificate's DER form, as the consortium file lists it. */
  public Digest fingerprint() {
    return fingerprint(certificate);
  }

  /** SHA-256 of a certificate's DER form. */
  public static Digest fingerprint(X509Certificate certificate) {
    try {
      return Digest.sha256(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was parsed can be encoded", e);
    }
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + fingerprint().shortHex() + ", private key withheld]";
  }
}
