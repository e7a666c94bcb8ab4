package io.tributary.jobs.evidence;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tributary.study.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the program's jar holds besides Tributary, as its bill of materials in CycloneDX's JSON form
 * lists it. {@code META-INF/sbom/} of the jar has it, with the list of licences and their texts.
 *
 * @param program name and version of what the libraries are part of
 */
public record BillOfMaterials(String program, List<Library> libraries) {
  static final int MAX_BYTES = 4 << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);
  private static final String RESOURCE = "/META-INF/sbom/sbom.cdx.json";

  public BillOfMaterials {
    libraries = List.copyOf(libraries);
  }

  /**
   * One library.
   *
   * @param coordinates group:artifact:version
   * @param licence its SPDX identifier, or its name where SPDX has none
   * @param sha256 of its own jar, 64 hex digits
   */
  public record Library(String coordinates, String licence, String sha256) {}

  /** The running program's own, as it lies in its jar. */
  public static Optional<byte[]> ofThisProgram() {
    try (InputStream in = BillOfMaterials.class.getResourceAsStream(RESOURCE)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw Errors.internal("The program's bill of materials cannot be read.", e);
    }
  }

  /**
   * Reads one. EVIDENCE_BROKEN for what is no CycloneDX, is larger than {@link #MAX_BYTES}, or has
   * a library without a name, a licence or a digest.
   */
  public static BillOfMaterials read(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw DossierZip.broken("Its bill of materials is too large.");
    }
    JsonNode root;
    try {
      root = JSON.readTree(bytes);
    } catch (IOException e) {
      throw broken();
    }
    JsonNode program = root.path("metadata").path("component");
    if (!root.path("bomFormat").asText().equals("CycloneDX")
        || !root.path("components").isArray()) {
      throw broken();
    }
    List<Library> libraries = new ArrayList<>();
    for (JsonNode component : root.path("components")) {
      libraries.add(
          new Library(
              text(component, "group")
                  + ":"
                  + text(component, "name")
                  + ":"
                  + text(component, "version"),
              licence(component),
              sha256(component)));
    }
    return new BillOfMaterials(text(program, "name") + " " + text(program, "version"), libraries);
  }

  private static String licence(JsonNode component) {
    JsonNode licence = component.path("licenses").path(0).path("license");
    return licence.has("id") ? text(licence, "id") : text(licence, "name");
  }

  private static String sha256(JsonNode component) {
    for (JsonNode hash : component.path("hashes")) {
      if (hash.path("alg").asText().equals("SHA-256")) {
        String hex = text(hash, "content");
        if (hex.matches("[0-9a-f]{64}")) {
          return hex;
        }
      }
    }
    throw broken();
  }

  private static String text(JsonNode of, String name) {
    String text = of.path(name).asText();
    if (text.isBlank()) {
      throw broken();
    }
    return text;
  }

  private static RuntimeException broken() {
    return DossierZip.broken(
        "Its bill of materials is none of CycloneDX, or names not everything.");
  }
}
