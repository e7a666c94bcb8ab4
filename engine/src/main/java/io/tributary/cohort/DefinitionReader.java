package io.tributary.cohort;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import io.tributary.study.Study;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Reads a definition in any form: a text that begins with a brace is a Circe expression, one that
 * begins with SELECT or WITH is SQL, any other is the short form. Throws STUDY_INVALID that names
 * every path or line it cannot follow; what is not supported is never ignored.
 */
public final class DefinitionReader {
  /** 4 MiB; a definition of 10,000 concepts has about 3. */
  public static final int MAX_BYTES = 4 << 20;

  static final int MAX_DEPTH = 64;
  private static final int MAX_CRITERIA = 1000;
  private static final int MAX_TOLD = 20;

  private static final ObjectMapper JSON = new ObjectMapper(json());
  private static final YAMLMapper YAML = new YAMLMapper(yaml());

  private DefinitionReader() {}

  private static JsonFactory json() {
    return new JsonFactoryBuilder()
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxNumberLength(40)
                .maxStringLength(1 << 16)
                .build())
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
  }

  private static YAMLFactory yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setCodePointLimit(MAX_BYTES);
    return YAMLFactory.builder().loaderOptions(options).build();
  }

  /** What a text says: the definition, and all that stands in its way. */
  public record Reading(CohortDefinition definition, List<String> findings) {
    public Reading {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Reads a definition.
   *
   * @param file for errors
   */
  public static CohortDefinition read(byte[] bytes, String file) {
    Reading reading = check(bytes, file);
    refuse(reading.findings(), file);
    return reading.definition();
  }

  private static void refuse(List<String> findings, String file) {
    if (!findings.isEmpty()) {
      String told = String.join(" ", findings.stream().limit(MAX_TOLD).toList());
      String more =
          findings.size() > MAX_TOLD ? " And " + (findings.size() - MAX_TOLD) + " more." : "";
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID,
          file,
          told + more,
          "Change these parts of the definition; COHORTS.md lists what is supported.");
    }
  }

  /** The definition of a study's cohort, with its covariates; empty if it has none. */
  public static Optional<CohortDefinition> of(Study.Cohort cohort) {
    return cohort
        .definition()
        .map(
            text ->
                read(
                    text.getBytes(StandardCharsets.UTF_8),
                    cohort.covariates(),
                    "cohort.definition"));
  }

  /**
   * Reads a definition and what a study asks besides about the persons in the cohort.
   *
   * @param covariates by name, as parsed YAML
   * @param file for errors in the definition
   */
  public static CohortDefinition read(byte[] bytes, Map<String, Object> covariates, String file) {
    CohortDefinition definition = read(bytes, file);
    if (covariates.isEmpty()) {
      return definition;
    }
    List<String> findings = new ArrayList<>();
    CohortDefinition asked =
        new CovariateReader(definition)
            .read(Place.inside("cohort.covariates", JSON.valueToTree(covariates), findings));
    refuse(findings, "covariates");
    return asked;
  }

  /** As {@link #read}, but a definition with findings is given too; only a broken text throws. */
  public static Reading check(byte[] bytes, String file) {
    String text = decoded(bytes, file);
    List<String> findings = new ArrayList<>();
    CohortDefinition definition = definition(text, file, findings);
    if (definition.criteria().size() > MAX_CRITERIA) {
      findings.add("$: more than " + MAX_CRITERIA + " criteria.");
    }
    return new Reading(definition, findings);
  }

  private static CohortDefinition definition(String text, String file, List<String> findings) {
    if (SqlTokens.isSql(text)) {
      return new SqlFormReader(findings).read(text);
    }
    boolean circe = text.stripLeading().startsWith("{");
    Place root = Place.root(tree(text, circe, file), findings);
    return circe ? new AtlasReader().read(root) : new ShortFormReader().read(root);
  }

  private static String decoded(byte[] bytes, String file) {
    if (bytes.length > MAX_BYTES) {
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID,
          file,
          "the definition has " + bytes.length + " bytes.",
          "Use at most " + MAX_BYTES + ".");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\uFEFF") ? text.substring(1) : text;
    } catch (CharacterCodingException notText) {
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID, file, "the text is not UTF-8.", "Save the file as UTF-8.");
    }
  }

  private static JsonNode tree(String text, boolean circe, String file) {
    try {
      ObjectMapper mapper = circe ? JSON : YAML;
      return mapper.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).readTree(text);
    } catch (JsonProcessingException broken) {
      String at =
          broken.getLocation() == null ? "" : " at line " + broken.getLocation().getLineNr();
      throw Errors.invalid(
          ErrorCode.STUDY_INVALID,
          file,
          "the text is no " + (circe ? "JSON" : "YAML") + at + ", or nested too deeply.",
          circe ? "Export the definition from ATLAS again." : "Look at this line.");
    }
  }
}
