package io.tributary.connectors.omop;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;

/** Which version of the common data model a folder says its tables are, in CDM_SOURCE. */
final class ModelVersion {
  private static final String TABLE = "cdm_source";
  private static final String COLUMN = "cdm_version";
  private static final Pattern READ = Pattern.compile("(?i)(cdm )?v? ?5\\.[34](\\..*)?");

  /** What can be told of a version without telling anything else. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9 .]{1,20}");

  private static final int MAX_ROWS = 100;

  private ModelVersion() {}

  /** DATA_INVALID if the folder says a version that is not read here; many say none. */
  static void require(CommonDataModel model) {
    if (!model.has(TABLE) || !model.hasColumn(TABLE, COLUMN)) {
      return;
    }
    List<Row> versions =
        model.reading(
            model.table(TABLE).select(model.text(TABLE, COLUMN)).limit(MAX_ROWS)::collectAsList);
    for (Row version : versions) {
      String text = version.isNullAt(0) ? "" : version.getString(0).trim();
      if (!text.isEmpty() && !READ.matcher(text).matches()) {
        String told = PLAIN.matcher(text).matches() ? "'" + text + "'" : "another one";
        throw Errors.data(
            ErrorCode.DATA_INVALID,
            model.placeOf(TABLE) + ", column '" + COLUMN + "'",
            "the version is " + told + "; 5.3 and 5.4 are read.",
            "Export the tables as version 5.3 or 5.4, or correct CDM_SOURCE.");
      }
    }
  }
}
