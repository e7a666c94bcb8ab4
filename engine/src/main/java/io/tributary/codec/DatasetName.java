package io.tributary.codec;

import java.util.regex.Pattern;

/** The form of a logical dataset's name, in studies and in catalogues. */
final class DatasetName {
  static final String REMEDY =
      "Use a letter and then at most 63 of a-z, A-Z, 0-9, '_', '.' and '-'.";

  private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9_.-]{0,63}");

  private DatasetName() {}

  static boolean allowed(String name) {
    return FORM.matcher(name).matches();
  }
}
