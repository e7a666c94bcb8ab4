package io.tributary.cohort;

/** What a definition can ask about an event or its person, beside its concept. */
public enum Attribute {
  START("start date", Kind.DATE, false),
  END("end date", Kind.DATE, false),
  LENGTH("length in days", Kind.NUMBER, false),
  AGE_AT_START("age at start", Kind.NUMBER, false),
  AGE_AT_END("age at end", Kind.NUMBER, false),
  GENDER("sex", Kind.CONCEPT, false),
  RACE("race", Kind.CONCEPT, false),
  ETHNICITY("ethnicity", Kind.CONCEPT, false),
  VISIT("kind of visit", Kind.CONCEPT, false),
  SPECIALTY("provider's specialty", Kind.CONCEPT, true),
  TYPE("type", Kind.CONCEPT, true),
  STATUS("status", Kind.CONCEPT, true),
  VALUE_CONCEPT("value as concept", Kind.CONCEPT, true),
  OPERATOR("operator", Kind.CONCEPT, true),
  UNIT("unit", Kind.CONCEPT, true),
  QUALIFIER("qualifier", Kind.CONCEPT, true),
  ROUTE("route", Kind.CONCEPT, true),
  MODIFIER("modifier", Kind.CONCEPT, true),
  ANATOMIC_SITE("anatomic site", Kind.CONCEPT, true),
  DISEASE_STATUS("disease status", Kind.CONCEPT, true),
  VALUE("value", Kind.NUMBER, true),
  RANGE_LOW("low end of the normal range", Kind.NUMBER, true),
  RANGE_HIGH("high end of the normal range", Kind.NUMBER, true),
  QUANTITY("quantity", Kind.NUMBER, true),
  REFILLS("refills", Kind.NUMBER, true),
  DAYS_SUPPLY("days of supply", Kind.NUMBER, true),
  OCCURRENCES("occurrences", Kind.NUMBER, true),
  GAP("gap in days", Kind.NUMBER, true),
  DOSE("dose", Kind.NUMBER, true),
  STOP_REASON("stop reason", Kind.TEXT, true),
  VALUE_TEXT("value as text", Kind.TEXT, true),
  LOT("lot number", Kind.TEXT, true),
  DEVICE_ID("device id", Kind.TEXT, true),
  SOURCE_ID("source id", Kind.TEXT, true);

  /** Type of its values; dates are days since 1970-01-01. */
  public enum Kind {
    DATE,
    NUMBER,
    CONCEPT,
    TEXT
  }

  private final String words;
  private final Kind kind;
  private final boolean stored;

  Attribute(String words, Kind kind, boolean stored) {
    this.words = words;
    this.kind = kind;
    this.stored = stored;
  }

  public String words() {
    return words;
  }

  public Kind kind() {
    return kind;
  }

  /** Whether it is a column of the event's own row; the others follow from dates and person. */
  public boolean stored() {
    return stored;
  }
}
