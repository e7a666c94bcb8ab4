package io.tributary.exchange;

import io.tributary.study.Errors;

/**
 * The form of object names and sizes that every {@link Exchange} checks before it touches its
 * medium. The form admits no '..', no absolute path and no name that a file system or a URI would
 * read otherwise, and keeps segments that begin with '.' for the implementations.
 */
public final class ObjectName {
  /** Characters of a whole name, at most. */
  public static final int MAX_NAME_CHARS = 512;

  /** Characters of one segment, at most. */
  public static final int MAX_SEGMENT_CHARS = 128;

  private ObjectName() {}

  /**
   * Checks an object's name.
   *
   * @return the name itself
   * @throws io.tributary.study.TributaryException BAD_MESSAGE when it is out of form
   */
  public static String checked(String name) {
    if (name == null || name.isEmpty() || name.length() > MAX_NAME_CHARS) {
      throw Errors.badMessage(
          "An object's name has "
              + (name == null ? 0 : name.length())
              + " characters, not 1 to 512.");
    }
    if (!isWellFormed(name)) {
      throw outOfForm(name);
    }
    return name;
  }

  /** Whether a string has the form of an object's name; for names that a medium lists. */
  public static boolean isWellFormed(String name) {
    if (name.length() > MAX_NAME_CHARS) {
      return false;
    }
    int start = 0;
    for (int i = 0; i <= name.length(); i++) {
      if (i == name.length() || name.charAt(i) == '/') {
        if (i == start || i - start > MAX_SEGMENT_CHARS || name.charAt(start) == '.') {
          return false;
        }
        start = i + 1;
      } else if (!isNameCharacter(name.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Checks the prefix of a listing: a folder's name, or the empty string for everything.
   *
   * @return the prefix itself
   * @throws io.tributary.study.TributaryException BAD_MESSAGE when it is out of form
   */
  public static String checkedPrefix(String prefix) {
    return prefix != null && prefix.isEmpty() ? prefix : checked(prefix);
  }

  /** Whether an object of this name lies below the folder {@code prefix}. */
  public static boolean isBelow(String name, String prefix) {
    return prefix.isEmpty()
        || (name.length() > prefix.length()
            && name.charAt(prefix.length()) == '/'
            && name.startsWith(prefix));
  }

  /**
   * Checks an object's size in bytes.
   *
   * @throws io.tributary.study.TributaryException BAD_MESSAGE when it is over the limit
   */
  public static void checkSize(String name, long sizeBytes) {
    if (sizeBytes < 0 || sizeBytes > Exchange.MAX_OBJECT_BYTES) {
      throw Errors.badMessage(
          "Object '"
              + name
              + "' has "
              + sizeBytes
              + " bytes; at most "
              + Exchange.MAX_OBJECT_BYTES
              + " are allowed.");
    }
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  private static RuntimeException outOfForm(String name) {
    StringBuilder shown = new StringBuilder();
    // A hostile name must not write control characters to a terminal or a log.
    name.chars()
        .limit(80)
        .forEach(c -> shown.append(isNameCharacter((char) c) || c == '/' ? (char) c : '?'));
    return Errors.badMessage("Object name '" + shown + "' is out of form.");
  }
}
