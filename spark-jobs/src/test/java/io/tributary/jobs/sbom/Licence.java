package io.tributary.jobs.sbom;

/**
 * A licence under which a library in the jar is used.
 *
 * @param id of the list of SPDX; empty where it has none that this is
 * @param name as the library gives it
 * @param url where it stands
 * @param text the file under {@code META-INF/sbom/licences} that holds its words
 */
record Licence(String id, String name, String url, String text) {
  /** What a POM says, understood. A licence that is new here has to be read by somebody first. */
  static Licence of(String name, String url) {
    return switch (name) {
      case "Apache 2.0",
          "Apache-2.0",
          "Apache License, Version 2.0",
          "The Apache Software License, version 2.0" ->
          new Licence("Apache-2.0", name, url, "Apache-2.0.txt");
      case "BSD-3-Clause" -> new Licence("BSD-3-Clause", name, url, "BSD-3-Clause.txt");
      case "Bouncy Castle Licence" -> new Licence("", name, url, "Bouncy-Castle-Licence.txt");
      default ->
          throw new IllegalStateException(
              "The licence '"
                  + name
                  + "', "
                  + url
                  + ", is new: read it, put its text into META-INF/sbom/licences and name it here.");
    };
  }

  String shown() {
    return id.isEmpty() ? name : id;
  }
}
