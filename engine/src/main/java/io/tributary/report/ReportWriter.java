package io.tributary.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import io.tributary.report.ReleaseJson.FileEntry;
import io.tributary.study.Errors;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes a study's results as a folder of files (DESIGN.md 9): {@code <analysis>/<table>.csv|json}
 * and further forms, {@code report.html} and {@code release.json}.
 *
 * <p>All or nothing: everything is written and forced into a hidden folder beside the output, which
 * is then renamed. Where that cannot be (the output is a mount point, or its parent is read-only)
 * the hidden folder lies inside the output and its content is moved up, {@code release.json} last
 * and after the old one was removed: a folder with {@code release.json} is always complete.
 */
public final class ReportWriter {
  private static final String REPLACED = ".replaced-";
  private static final int MOST_STAGING = 1000;
  // What a killed writer left is removed by a later one, but never what one still writes.
  private static final Duration STALE_AFTER = Duration.ofHours(1);

  private final List<TableForm> forms;
  private final Disk disk;

  /** A writer of CSV, JSON and HTML, and of the forms given. */
  public ReportWriter(List<TableForm> forms) {
    this(forms, Disk.LOCAL);
  }

  ReportWriter(List<TableForm> forms, Disk disk) {
    this.forms = List.copyOf(forms);
    this.disk = disk;
  }

  /**
   * Writes the report to {@code out}, which may be missing, empty, or an earlier result.
   *
   * @throws io.tributary.study.TributaryException RESULTS_FOREIGN if {@code out} holds anything
   *     else, STORAGE_FAILED if it cannot be written; then the earlier result or the new one is
   *     there, whole, or, where it had to be staged inside, there is no release.json
   */
  public void write(StudyReport report, Path out) {
    checkNames(report);
    try {
      Path target = target(out);
      if (!Files.exists(target) || disk.canRename(target)) {
        writeBeside(report, target);
      } else {
        writeInside(report, target, out.toString());
      }
    } catch (IOException | UncheckedIOException e) {
      throw Errors.resultsNotWritten(out.toString(), detail(e), e);
    }
  }

  private void writeBeside(StudyReport report, Path target) throws IOException {
    Path parent = target.getParent();
    String prefix = hidden(target, ResultFolder.STAGING);
    Path staging = newFolder(parent, prefix);
    // The file system's clock, which may differ from this machine's.
    FileTime now = Files.getLastModifiedTime(staging);
    try {
      stage(report, staging);
      replace(staging, target);
      // Only now: what a killed writer put aside may have been the only result.
      removeStale(parent, prefix, now);
      removeStale(parent, hidden(target, REPLACED), now);
    } finally {
      // Also after an Error, e.g. for want of memory. After success there is nothing to discard.
      discard(staging);
    }
  }

  private void writeInside(StudyReport report, Path target, String out) throws IOException {
    Path staging = newFolder(target, ResultFolder.STAGING);
    boolean staged = false;
    try {
      stage(report, staging);
      staged = true;
      moveUp(staging, target);
    } catch (IOException | UncheckedIOException e) {
      throw staged
          ? Errors.resultsUnfinished(out, detail(e), e)
          : Errors.resultsNotWritten(out, detail(e), e);
    } finally {
      if (!staged) {
        discard(staging);
      }
    }
  }

  /** The folder to write, links followed; refuses what is not ours. */
  private Path target(Path out) throws IOException {
    Path target = out.toAbsolutePath().normalize();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      target = target.toRealPath();
      if (!Files.isDirectory(target)) {
        throw Errors.resultsForeign(out.toString(), "it is a file");
      }
      Optional<String> foreign = ResultFolder.foreign(target);
      if (foreign.isPresent()) {
        throw Errors.resultsForeign(out.toString(), foreign.get());
      }
      return target;
    }
    Path parent = target.getParent();
    if (parent == null) {
      throw new NotDirectoryException(out.toString());
    }
    Files.createDirectories(parent);
    return parent.toRealPath().resolve(target.getFileName());
  }

  private void stage(StudyReport report, Path staging) throws IOException {
    for (AnalysisReport analysis : report.analyses()) {
      Path folder = staging.resolve(analysis.name());
      disk.createFolder(folder);
      for (ResultTable table : analysis.tables()) {
        rows(analysis, table, folder);
        for (TableForm form : forms) {
          Path file = folder.resolve(table.name() + "." + form.ending());
          form.write(table, file);
          disk.force(file);
        }
      }
      for (ResultFile file : analysis.files()) {
        if (file.content() instanceof ResultFile.Content.Whole whole) {
          file(folder.resolve(file.name()), whole.body());
        }
      }
      for (ResultFile file : analysis.files()) {
        if (file.content() instanceof ResultFile.Content.AboutOther of) {
          try (InputStream other =
              new BufferedInputStream(Files.newInputStream(folder.resolve(of.other())))) {
            file(folder.resolve(file.name()), out -> of.about().write(other, out));
          }
        }
      }
      disk.force(folder);
    }
    text(staging.resolve("report.html"), writer -> writer.write(HtmlReport.render(report)));
    List<FileEntry> files = digests(staging);
    json(
        staging.resolve(ReleaseJson.FILE),
        json -> {
          json.setPrettyPrinter(indented());
          ReleaseJson.write(report, files, json);
        });
    disk.force(staging);
  }

  private void file(Path path, ResultFile.Body body) throws IOException {
    try (OutputStream out = new BufferedOutputStream(disk.create(path))) {
      body.write(out);
    }
    disk.force(path);
  }

  /** A text that is being written. */
  private record Written(Path path, RowText text, ResultFile.Packing packing, OutputStream out) {
    /** Bytes of a part of the text, as they are stored. */
    byte[] bytes(CharSequence part) {
      byte[] bytes = part.toString().getBytes(StandardCharsets.UTF_8);
      return packing == ResultFile.Packing.BGZF ? Bgzf.packed(bytes) : bytes;
    }
  }

  /** All texts of a table's rows: each row is made once. */
  private void rows(AnalysisReport analysis, ResultTable table, Path folder) throws IOException {
    List<Written> all = new ArrayList<>();
    try {
      Path csv = folder.resolve(table.name() + ".csv");
      all.add(new Written(csv, new TableCsv(table), ResultFile.Packing.PLAIN, disk.create(csv)));
      Path json = folder.resolve(table.name() + ".json");
      all.add(new Written(json, new TableJson(table), ResultFile.Packing.PLAIN, disk.create(json)));
      for (ResultFile file : analysis.files()) {
        if (file.content() instanceof ResultFile.Content.OfRows lines
            && lines.table().equals(table.name())) {
          Path path = folder.resolve(file.name());
          all.add(new Written(path, lines, lines.packing(), disk.create(path)));
        }
      }
      for (Written one : all) {
        StringBuilder head = new StringBuilder();
        one.text().head(head);
        one.out().write(one.bytes(head));
      }
      Pieces.inOrder(
          table.rows().size(),
          (from, to) -> parts(all, table, from, to),
          parts -> write(all, parts));
      for (Written one : all) {
        StringBuilder tail = new StringBuilder();
        one.text().tail(tail);
        one.out().write(one.bytes(tail));
        if (one.packing() == ResultFile.Packing.BGZF) {
          one.out().write(Bgzf.end());
        }
      }
    } finally {
      for (Written one : all) {
        one.out().close();
      }
    }
    for (Written one : all) {
      disk.force(one.path());
    }
  }

  private static List<byte[]> parts(List<Written> all, ResultTable table, int from, int to) {
    List<List<Cell>> rows = table.rows(from, to);
    List<byte[]> parts = new ArrayList<>(all.size());
    StringBuilder text = new StringBuilder();
    for (Written one : all) {
      text.setLength(0);
      try {
        one.text().rows(rows, from, text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      parts.add(one.bytes(text));
    }
    return parts;
  }

  private static void write(List<Written> all, List<byte[]> parts) {
    try {
      for (int i = 0; i < all.size(); i++) {
        all.get(i).out().write(parts.get(i));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts the finished folder in the place of the old one; an older result survives a failure. */
  private void replace(Path staging, Path target) throws IOException {
    if (!Files.exists(target) || ResultFolder.files(target).isEmpty()) {
      if (Files.exists(target)) {
        for (Path child : children(target)) {
          deleteTree(child);
        }
      }
      disk.rename(staging, target);
      disk.force(target.getParent());
      return;
    }
    Path old = newFolder(target.getParent(), hidden(target, REPLACED));
    try {
      disk.rename(target, old);
    } catch (IOException e) {
      discard(old);
      throw e;
    }
    try {
      disk.rename(staging, target);
    } catch (IOException e) {
      disk.rename(old, target);
      throw e;
    }
    disk.force(target.getParent());
    discard(old);
  }

  /** The same without renaming the folder itself: release.json goes first and comes last. */
  private void moveUp(Path staging, Path target) throws IOException {
    Path release = target.resolve(ReleaseJson.FILE);
    if (Files.exists(release)) {
      disk.rename(release, staging.resolve(ResultFolder.REPLACED));
    }
    // Unfinished folders go last: their lists tell whose the other files are.
    List<Path> olds = new ArrayList<>(children(target));
    olds.remove(staging);
    olds.sort(Comparator.comparing(ReportWriter::isStaging));
    for (Path old : olds) {
      deleteTree(old);
    }
    for (Path child : children(staging)) {
      if (Files.isDirectory(child) || child.endsWith("report.html")) {
        disk.rename(child, target.resolve(child.getFileName()));
      }
    }
    disk.rename(staging.resolve(ReleaseJson.FILE), release);
    deleteTree(staging);
    disk.force(target);
  }

  private static boolean isStaging(Path path) {
    return path.getFileName().toString().startsWith(ResultFolder.STAGING);
  }

  private static void checkNames(StudyReport report) {
    Set<String> taken = new HashSet<>(Set.of(ReleaseJson.FILE, "report.html"));
    for (AnalysisReport analysis : report.analyses()) {
      // Case does not tell files apart on every file system.
      boolean free = taken.add(analysis.name().toLowerCase(Locale.ROOT));
      if (!ResultFolder.isFileName(analysis.name()) || !free) {
        throw Errors.resultNameNotAllowed("analysis", analysis.name());
      }
      Set<String> tables = new HashSet<>();
      for (ResultTable table : analysis.tables()) {
        boolean single = tables.add(table.name().toLowerCase(Locale.ROOT));
        if (!ResultFolder.isFileName(table.name()) || !single) {
          throw Errors.resultNameNotAllowed("table", table.name());
        }
      }
      Set<String> files = new HashSet<>(tables);
      for (ResultFile file : analysis.files()) {
        String name = file.name().toLowerCase(Locale.ROOT);
        boolean ofTable = tables.stream().anyMatch(table -> name.startsWith(table + "."));
        if (!ResultFolder.isFileName(file.name()) || ofTable || !files.add(name)) {
          throw Errors.resultNameNotAllowed("file", file.name());
        }
        if (file.content() instanceof ResultFile.Content.OfRows lines
            && analysis.tables().stream().noneMatch(each -> each.name().equals(lines.table()))) {
          throw new IllegalStateException(
              file.name() + " is to have lines of a table that is not there: " + lines.table());
        }
      }
    }
  }

  private static String hidden(Path target, String what) {
    return "." + target.getFileName() + what;
  }

  private Path newFolder(Path beside, String prefix) throws IOException {
    for (int i = 1; i < MOST_STAGING; i++) {
      Path folder = beside.resolve(prefix + i);
      if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS) && createdFirst(folder)) {
        return folder;
      }
    }
    throw new IOException("too many unfinished folders " + prefix + "* in " + beside);
  }

  /** False if another writer was faster. */
  private boolean createdFirst(Path folder) throws IOException {
    try {
      disk.createFolder(folder);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Removes what killed writers left; whoever else uses the folder is not disturbed. */
  private void removeStale(Path beside, String prefix, FileTime now) throws IOException {
    for (Path other : children(beside)) {
      if (other.getFileName().toString().startsWith(prefix) && isStale(other, now)) {
        discard(other);
      }
    }
  }

  private static boolean isStale(Path folder, FileTime now) {
    try {
      FileTime changed = Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS);
      return changed.toInstant().isBefore(now.toInstant().minus(STALE_AFTER));
    } catch (IOException e) {
      // Gone in the meantime.
      return false;
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.sorted().toList();
    }
  }

  private void deleteTree(Path top) throws IOException {
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(top)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      disk.delete(path);
    }
  }

  /** Removes what is no result any more; failing to is no failure of the result. */
  private void discard(Path top) {
    try {
      if (Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
        deleteTree(top);
      }
    } catch (IOException | UncheckedIOException e) {
      // A later writer removes it when it is stale.
      return;
    }
  }

  private interface TextBody {
    void write(Writer writer) throws IOException;
  }

  private interface JsonBody {
    void write(JsonGenerator json) throws IOException;
  }

  private void text(Path file, TextBody body) throws IOException {
    try (OutputStream out = disk.create(file);
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8))) {
      body.write(writer);
    }
    disk.force(file);
  }

  private void json(Path file, JsonBody body) throws IOException {
    text(
        file,
        writer -> {
          try (JsonGenerator json = ResultFolder.JSON.createGenerator(writer)) {
            body.write(json);
          }
        });
  }

  private static DefaultPrettyPrinter indented() {
    Separators separators =
        Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER);
    return new DefaultPrettyPrinter(separators)
        .withObjectIndenter(new DefaultIndenter("  ", "\n"))
        .withArrayIndenter(new DefaultIndenter("  ", "\n"));
  }

  /** Hashes every file by reading it back, which also shows that it can be read. */
  private static List<FileEntry> digests(Path folder) throws IOException {
    List<FileEntry> entries = new ArrayList<>();
    for (String path : ResultFolder.files(folder)) {
      MessageDigest digest = sha256();
      try (InputStream in = Files.newInputStream(folder.resolve(path));
          OutputStream sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
        long bytes = in.transferTo(sink);
        entries.add(new FileEntry(path, bytes, HexFormat.of().formatHex(digest.digest())));
      }
    }
    return entries;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String detail(Exception failure) {
    String message = failure.getMessage();
    String kind = failure.getClass().getSimpleName();
    return message == null ? kind : kind + " " + message;
  }
}
