package io.tributary.jobs.keys;

import io.tributary.study.ErrorCode;
import io.tributary.study.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A password in a file of its own. */
public final class PasswordFile {
  private PasswordFile() {}

  /** The file's first line; KEY_INVALID if there is none. */
  public static Optional<char[]> read(Optional<Path> file) {
    return file.map(
        path -> {
          try (var lines = Files.lines(path)) {
            return lines
                .findFirst()
                .filter(line -> !line.isEmpty())
                .orElseThrow(
                    () ->
                        Errors.invalid(
                            ErrorCode.KEY_INVALID,
                            path.toString(),
                            "holds no password.",
                            "Write the password on its first line."))
                .toCharArray();
          } catch (IOException e) {
            throw Errors.invalid(
                ErrorCode.KEY_INVALID,
                path.toString(),
                "cannot be read.",
                "Check the password file's path and permissions.");
          }
        });
  }
}
