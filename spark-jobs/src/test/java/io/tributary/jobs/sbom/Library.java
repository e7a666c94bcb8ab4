package io.tributary.jobs.sbom;

import io.tributary.codec.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * A library that the shaded jar holds, with what its own POM in the local Maven repository says.
 *
 * @param repository the local Maven repository
 */
record Library(String group, String artifact, String version, Path repository) {
  /** Finds a library of the class path. */
  static Library of(String coordinates) {
    String[] parts = coordinates.split(":", -1);
    String group = parts[0];
    Path place = place(group, parts[1], parts[2]).resolve(parts[1] + "-" + parts[2] + ".jar");
    Path repository =
        ClassPath.jars().stream()
            .filter(entry -> entry.endsWith(place))
            .findFirst()
            .orElseThrow(
                () -> new IllegalStateException(coordinates + " is not on the class path"));
    for (int i = 0; i < place.getNameCount(); i++) {
      repository = repository.getParent();
    }
    return new Library(group, parts[1], parts[2], repository);
  }

  String coordinates() {
    return group + ":" + artifact + ":" + version;
  }

  /** Package URL, https://github.com/package-url/purl-spec. */
  String purl() {
    return "pkg:maven/" + group + "/" + artifact + "@" + version;
  }

  Digest sha256() throws IOException {
    return Digest.sha256(Files.readAllBytes(file(".jar")));
  }

  /** The licence that the POM names, or the first of its parents that names one. */
  Licence licence() {
    for (Library of = this; ; of = of.parent()) {
      List<Element> licences = children(of.pom(), "licenses", "license");
      if (!licences.isEmpty()) {
        if (licences.size() > 1) {
          throw new IllegalStateException(coordinates() + " has a choice of licences: choose one");
        }
        return Licence.of(text(licences.get(0), "name"), text(licences.get(0), "url"));
      }
    }
  }

  /** Group and artifact of what the library needs to run. */
  Set<String> needs() {
    Set<String> needs = new TreeSet<>();
    for (Element dependency : children(pom(), "dependencies", "dependency")) {
      String scope = text(dependency, "scope");
      if (!scope.equals("test")
          && !scope.equals("provided")
          && !text(dependency, "optional").equals("true")) {
        String of = text(dependency, "groupId").replace("${project.groupId}", group);
        needs.add(of + ":" + text(dependency, "artifactId"));
      }
    }
    return needs;
  }

  private Library parent() {
    List<Element> parents = children(pom(), "parent");
    if (parents.isEmpty()) {
      throw new IllegalStateException(coordinates() + " names no licence");
    }
    Element parent = parents.get(0);
    return new Library(
        text(parent, "groupId"), text(parent, "artifactId"), text(parent, "version"), repository);
  }

  private Element pom() {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newDocumentBuilder().parse(file(".pom").toFile()).getDocumentElement();
    } catch (IOException | SAXException | ParserConfigurationException e) {
      throw new IllegalStateException("cannot read the POM of " + coordinates(), e);
    }
  }

  private Path file(String ending) {
    return repository
        .resolve(place(group, artifact, version))
        .resolve(artifact + "-" + version + ending);
  }

  private static Path place(String group, String artifact, String version) {
    return Path.of(group.replace('.', '/'), artifact, version);
  }

  /** The children of children with these names, in order. */
  private static List<Element> children(Element of, String... names) {
    List<Element> level = List.of(of);
    for (String name : names) {
      level = level.stream().flatMap(each -> named(each, name).stream()).toList();
    }
    return level;
  }

  private static List<Element> named(Element of, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = of.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static String text(Element of, String name) {
    List<Element> found = named(of, name);
    return found.isEmpty() ? "" : found.get(0).getTextContent().strip();
  }
}
