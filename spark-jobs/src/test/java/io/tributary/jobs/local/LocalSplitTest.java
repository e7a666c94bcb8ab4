package io.tributary.jobs.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tributary.study.ErrorCode;
import io.tributary.study.TributaryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalSplitTest {
  @TempDir Path folder;

  @Test
  void rowsKeepTheirBytesAndGoToTheirSite() throws IOException {
    Path data =
        file(
            "t.csv",
            "id,site,note\n1,A,\"a, b\"\n2,B c,\"say \"\"x\"\"\"\n3,A, padded \n4,A,\n5,C,\n");

    Map<String, Long> rows =
        new LocalSplit(data, new LocalSplit.Rule.By("site")).write(folder.resolve("out"));

    assertThat(rows).containsExactly(Map.entry("a", 3L), Map.entry("b-c", 1L), Map.entry("c", 1L));
    assertThat(folder.resolve("out/a/t.csv"))
        .hasContent("id,site,note\n1,A,\"a, b\"\n3,A, padded \n4,A,\n");
    assertThat(folder.resolve("out/b-c/t.csv"))
        .hasContent("id,site,note\n2,B c,\"say \"\"x\"\"\"\n");
  }

  @Test
  void theMarkBeforeAHeaderIsNoPartOfItsFirstName() throws IOException {
    Path data = file("t.csv", "\uFEFFsite,v\na,1\nb,2\nc,3\n");

    Map<String, Long> rows =
        new LocalSplit(data, new LocalSplit.Rule.By("site")).write(folder.resolve("o"));

    assertThat(rows).containsExactly(Map.entry("a", 1L), Map.entry("b", 1L), Map.entry("c", 1L));
  }

  @Test
  void personsStayTogether() throws IOException {
    Path data = file("t.csv", "p,v\n1,a\n2,b\n1,c\n3,d\n2,e\n4,f\n");

    new LocalSplit(data, new LocalSplit.Rule.Into(3, Optional.of("p"))).write(folder.resolve("o"));

    assertThat(folder.resolve("o/site-1/t.csv")).hasContent("p,v\n1,a\n1,c\n4,f\n");
    assertThat(folder.resolve("o/site-2/t.csv")).hasContent("p,v\n2,b\n2,e\n");
    assertThat(folder.resolve("o/site-3/t.csv")).hasContent("p,v\n3,d\n");
  }

  @Test
  void parquetIsSplitToo() throws IOException {
    Path data = folder.resolve("t.parquet");
    MessageType schema =
        MessageTypeParser.parseMessageType(
            "message t { required int64 id; optional binary site (STRING); }");
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(hadoop(data)).withType(schema).build()) {
      for (long id = 0; id < 10; id++) {
        writer.write(
            new SimpleGroupFactory(schema)
                .newGroup()
                .append("id", id)
                .append("site", "s" + id % 3));
      }
    }

    Map<String, Long> rows =
        new LocalSplit(data, new LocalSplit.Rule.By("site")).write(folder.resolve("o"));

    assertThat(rows).containsExactly(Map.entry("s0", 4L), Map.entry("s1", 3L), Map.entry("s2", 3L));
    try (ParquetReader<Group> reader =
        ParquetReader.builder(new GroupReadSupport(), hadoop(folder.resolve("o/s1/t.parquet")))
            .withConf(new Configuration())
            .build()) {
      assertThat(reader.read().getLong("id", 0)).isEqualTo(1);
    }
  }

  @Test
  void badInputIsRefused() throws IOException {
    Path data = file("t.csv", "id,site\n1,A\n2,a\n");
    refuses(ErrorCode.UNKNOWN_COLUMN, data, new LocalSplit.Rule.By("hospital"));
    refuses(ErrorCode.DATA_INVALID, data, new LocalSplit.Rule.By("site"));
    refuses(ErrorCode.DATA_MISSING, folder.resolve("no.csv"), new LocalSplit.Rule.By("site"));
    refuses(ErrorCode.DATA_MISSING, file("empty.csv", ""), new LocalSplit.Rule.By("site"));
    refuses(ErrorCode.DATA_INVALID, file("t.xlsx", "x"), new LocalSplit.Rule.By("site"));
    refuses(ErrorCode.DATA_INVALID, file("t.parquet", "text"), new LocalSplit.Rule.By("site"));
    refuses(ErrorCode.DATA_MISSING, file("none.csv", "id,site\n"), new LocalSplit.Rule.By("site"));
    refuses(ErrorCode.DATA_INVALID, data, new LocalSplit.Rule.Into(3, Optional.empty()));
    Path two = file("two.csv", "id,site\n1,A\n2,B\n");
    refuses(ErrorCode.DATA_INVALID, two, new LocalSplit.Rule.By("site"));
    Path semicolons = file("s.csv", "id;site\n1;A\n");
    assertThatThrownBy(
            () ->
                new LocalSplit(semicolons, new LocalSplit.Rule.By("site"))
                    .write(folder.resolve("s")))
        .hasMessageContaining("has no column 'site'")
        .hasMessageContaining("separate columns by commas");
    assertThatThrownBy(() -> new LocalSplit(data, new LocalSplit.Rule.Into(2, Optional.empty())))
        .isInstanceOf(TributaryException.class);
  }

  private void refuses(ErrorCode code, Path data, LocalSplit.Rule rule) throws IOException {
    Path out = Files.createTempDirectory(folder, "out");
    assertThatThrownBy(() -> new LocalSplit(data, rule).write(out))
        .isInstanceOfSatisfying(
            TributaryException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.remedy()).isNotBlank();
            });
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private static org.apache.hadoop.fs.Path hadoop(Path file) {
    return new org.apache.hadoop.fs.Path(file.toUri());
  }
}
