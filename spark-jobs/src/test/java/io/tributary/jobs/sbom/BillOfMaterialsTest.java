package io.tributary.jobs.sbom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.jobs.evidence.BillOfMaterials;
import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The bill of materials and the list of licences that lie in the jar say what runtime-deps.txt says
 * (which {@code RuntimeDepsIT} compares with the jar), and what the libraries' own POMs say.
 *
 * <p>After a change of libraries, {@code -Dbill.write=true} writes both files anew.
 */
class BillOfMaterialsTest {
  private static final Path FOLDER = Path.of("src", "main", "resources", "META-INF", "sbom");
  private static final Path BILL = FOLDER.resolve("sbom.cdx.json");
  private static final Path LICENCES = FOLDER.resolve("licences.txt");
  private static final String REMEDY =
      "when the change is wanted: mvn test -pl spark-jobs -am -Dtest=BillOfMaterialsTest"
          + " -Dbill.write=true";

  private static Materials materials;

  @BeforeAll
  static void make() throws IOException {
    String pom = Files.readString(Path.of("..", "pom.xml"));
    String version = pom.replaceAll("(?s).*?<version>([^<]+)</version>.*", "$1");
    materials = new Materials(version, Materials.listed().stream().map(Library::of).toList());
    if (Boolean.getBoolean("bill.write")) {
      Files.writeString(BILL, materials.bill());
      Files.writeString(LICENCES, materials.licences());
    }
  }

  @Test
  void billIsThatOfTheListedLibrariesToTheByte() throws IOException {
    assertThat(Files.readString(BILL)).as(REMEDY).isEqualTo(materials.bill());
  }

  @Test
  void componentsAreTheListedLibrariesAndEachHasALicence() throws IOException {
    BillOfMaterials bill = BillOfMaterials.read(Files.readAllBytes(BILL));
    assertThat(bill.libraries())
        .extracting(BillOfMaterials.Library::coordinates)
        .containsExactlyElementsOf(Materials.listed());
    assertThat(bill.libraries())
        .extracting(BillOfMaterials.Library::licence)
        .containsOnly("Apache-2.0", "BSD-3-Clause", "Bouncy Castle Licence");
    assertThat(bill.program()).startsWith("tributary ");
  }

  @Test
  void everyLicenceIsListedWithItsText() throws IOException {
    assertThat(Files.readString(LICENCES)).as(REMEDY).isEqualTo(materials.licences());
    List<String> lines =
        Files.readAllLines(LICENCES).stream().filter(line -> !line.startsWith("#")).toList();
    Set<String> named =
        lines.stream().map(line -> line.split("\t", -1)[3]).collect(Collectors.toSet());
    for (String text : named) {
      assertThat(FOLDER.resolve(text)).isNotEmptyFile();
    }
    try (var texts = Files.list(FOLDER.resolve("licences"))) {
      assertThat(texts.map(text -> "licences/" + text.getFileName()))
          .containsExactlyInAnyOrderElementsOf(named);
    }
  }

  @Test
  void theProgramFindsItsOwn() throws IOException {
    assertThat(
            BillOfMaterials.ofThisProgram().map(bytes -> new String(bytes, StandardCharsets.UTF_8)))
        .hasValue(Files.readString(BILL));
  }

  @Test
  void aBillThatLeavesSomethingOutIsRefused() throws IOException {
    String bill = Files.readString(BILL);
    for (String changed :
        List.of(
            "",
            "[]",
            bill.substring(0, bill.length() / 2),
            bill.replace("CycloneDX", "Cyclone"),
            bill.replaceFirst("\"licenses\"", "\"licences\""),
            bill.replaceFirst("\"SHA-256\"", "\"SHA-1\""),
            bill.replaceFirst("\"content\" : \"..", "\"content\" : \""),
            bill.replaceFirst("\"version\" : \"2", "\"vision\" : \"2"),
            bill.replace("components", "parts"),
            bill + " ".repeat(4 << 20))) {
      assertThat(changed).isNotEqualTo(bill);
      assertThatThrownBy(() -> BillOfMaterials.read(changed.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOfSatisfying(
              TributaryException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.EVIDENCE_BROKEN));
    }
  }
}
