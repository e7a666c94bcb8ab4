package io.tributary.jobs.sbom;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the bill of materials and the list of licences from {@code runtime-deps.txt} and the local
 * Maven repository: CycloneDX 1.6 (ECMA-424), without a time or a serial number, so that the same
 * libraries give the same bytes.
 */
final class Materials {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROGRAM = "pkg:maven/io.tributary/tributary-jobs@";

  private final String version;
  private final List<Library> libraries;

  Materials(String version, List<Library> libraries) {
    this.version = version;
    this.libraries = List.copyOf(libraries);
  }

  static List<String> listed() throws IOException {
    return Files.readAllLines(Path.of("runtime-deps.txt")).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .toList();
  }

  String bill() throws IOException {
    ObjectNode bill = JSON.createObjectNode();
    bill.put("bomFormat", "CycloneDX").put("specVersion", "1.6").put("version", 1);
    bill.putObject("metadata")
        .putObject("component")
        .put("type", "application")
        .put("bom-ref", PROGRAM + version)
        .put("group", "io.tributary")
        .put("name", "tributary")
        .put("version", version)
        .put("description", "Federated analytics on Apache Spark with secure aggregation")
        .put("purl", PROGRAM + version);
    ArrayNode components = bill.putArray("components");
    for (Library library : libraries) {
      component(components.addObject(), library);
    }
    dependencies(bill.putArray("dependencies"));
    ObjectNode complete = bill.putArray("compositions").addObject();
    complete.put("aggregate", "complete").putArray("assemblies").add(PROGRAM + version);
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n"));
    return JSON.writer(printer).writeValueAsString(bill) + "\n";
  }

  private static void component(ObjectNode component, Library library) throws IOException {
    Licence licence = library.licence();
    component
        .put("type", "library")
        .put("bom-ref", library.purl())
        .put("group", library.group())
        .put("name", library.artifact())
        .put("version", library.version())
        .put("scope", "required");
    component
        .putArray("hashes")
        .addObject()
        .put("alg", "SHA-256")
        .put("content", library.sha256().hex());
    ObjectNode named = component.putArray("licenses").addObject().putObject("license");
    named.put(licence.id().isEmpty() ? "name" : "id", licence.shown()).put("url", licence.url());
    component.put("purl", library.purl());
  }

  /** The program holds all of them; among each other they need what their POMs say. */
  private void dependencies(ArrayNode dependencies) {
    Map<String, String> known = new TreeMap<>();
    libraries.forEach(each -> known.put(each.group() + ":" + each.artifact(), each.purl()));
    ObjectNode program = dependencies.addObject().put("ref", PROGRAM + version);
    libraries.forEach(each -> program.withArray("dependsOn").add(each.purl()));
    for (Library library : libraries) {
      ObjectNode node = dependencies.addObject().put("ref", library.purl());
      library.needs().stream()
          .filter(known::containsKey)
          .forEach(need -> node.withArray("dependsOn").add(known.get(need)));
    }
  }

  String licences() {
    StringBuilder list =
        new StringBuilder(
            "# Libraries in tributary.jar: name, licence, where it stands, its text beside this file.\n");
    for (Library library : libraries) {
      Licence licence = library.licence();
      list.append(library.coordinates())
          .append('\t')
          .append(licence.shown())
          .append('\t')
          .append(licence.url())
          .append("\tlicences/")
          .append(licence.text())
          .append('\n');
    }
    return list.toString();
  }
}
