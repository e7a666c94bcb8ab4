package io.tributary.connectors.fhir;

import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.api.java.function.Function;

/** Looks over one file: which lines are of no use, and which codes the others have. */
final class LineCheck implements Function<String, LineCheck.Found> {
  private static final long serialVersionUID = 1L;

  /** Lines that are named. */
  private static final int MAX_NAMED = 20;

  private final ResourceType type;

  LineCheck(ResourceType type) {
    this.type = type;
  }

  /**
   * Of one file.
   *
   * @param bad lines of no use
   * @param named the first of them in words: "line 17 (no JSON)"
   */
  record Found(String file, long bad, List<String> named, Set<VocabularyCode> codes)
      implements Serializable {}

  @Override
  public Found call(String file) {
    Set<VocabularyCode> codes = new HashSet<>();
    CodeConcepts concepts = CodeConcepts.noting(codes);
    List<String> named = new ArrayList<>();
    long bad = 0;
    try (ExportLines lines = new ExportLines(Path.of(file))) {
      for (byte[] line = lines.next(); line != null; line = lines.next()) {
        try {
          RecordMapping.rows(line, type, concepts);
        } catch (BadLine useless) {
          bad++;
          if (named.size() < MAX_NAMED) {
            named.add("line " + lines.number() + " (" + useless.getMessage() + ")");
          }
        }
      }
    }
    return new Found(file, bad, named, codes);
  }
}
