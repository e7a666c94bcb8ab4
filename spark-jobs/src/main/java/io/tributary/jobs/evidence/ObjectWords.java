package io.tributary.jobs.evidence;

import io.tributary.codec.Digest;
import io.tributary.exchange.ObjectNames;
import io.tributary.study.Study;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an object of a study is, by its name (names: {@link ObjectNames}).
 *
 * @param from who wrote it
 * @param to who is meant to read it
 * @param what it is, and of which analysis, step and attempt
 */
record ObjectWords(String from, String to, String what) {
  private static final String COORDINATOR = "coordinator";
  private static final String EVERYBODY = "all parties";

  private static final Map<String, String> KINDS =
      Map.ofEntries(
          Map.entry("0-open", "announcement"),
          Map.entry("1-roster", "proposed roster"),
          Map.entry("2-active", "roster that all have acknowledged"),
          Map.entry("z-closed", "end"),
          Map.entry("1-set", "proposed contributors"),
          Map.entry("2-certificate", "certificate of the contributors"),
          Map.entry("3-result", "proof of the sum, without the sum"),
          Map.entry("9-abort", "end of the attempt"),
          Map.entry("key", "key for the epoch"),
          Map.entry("refusal", "refusal by its code"),
          Map.entry("ack", "acknowledged roster"),
          Map.entry("boxes", "shares of mask seeds, encrypted to each other site"),
          Map.entry("upload", "list of what was uploaded"),
          Map.entry("signature", "signature under the contributors"),
          Map.entry("unmask", "mask seeds of the contributors' sum, encrypted to the coordinator"),
          Map.entry("dead", "attempt not gone on with, by its code"));

  private static final Pattern PLACE =
      Pattern.compile("e(\\d{10})(?:/j(\\d{3})(?:/s(\\d{5})/a(\\d{2}))?)?");
  private static final Pattern HASHED = Pattern.compile("(.+)-[0-9a-f]{16}");
  private static final Pattern OF_SITE =
      Pattern.compile("([a-z]+)-([a-z][a-z0-9-]{0,31})-[0-9a-f]{16}");

  static ObjectWords of(String name, Digest digest, Study study) {
    String folder = ObjectNames.folder(digest) + "/";
    if (!name.startsWith(folder)) {
      return new ObjectWords("somebody", EVERYBODY, "object " + name);
    }
    String inside = name.substring(folder.length());
    int slash = inside.indexOf('/');
    String top = slash < 0 ? inside : inside.substring(0, slash);
    String rest = slash < 0 ? "" : inside.substring(slash + 1);
    return switch (top) {
      case "study.yaml" -> new ObjectWords("analyst", EVERYBODY, "the study");
      case "study.sig" -> new ObjectWords("analyst", EVERYBODY, "the study's signature");
      case "c" -> new ObjectWords(COORDINATOR, "sites", ofCoordinator(rest, study));
      case "s" -> ofSite(rest, study);
      case "d" -> new ObjectWords(COORDINATOR, "one site", "delivered shares, encrypted");
      case "f" -> frame(rest, study);
      case "release" -> new ObjectWords(COORDINATOR, EVERYBODY, "released file " + rest);
      case "checkpoints" ->
          new ObjectWords(rest.replaceAll("/.*", ""), EVERYBODY, "checkpoint of a journal");
      default -> new ObjectWords("somebody", EVERYBODY, "object " + inside);
    };
  }

  private static String ofCoordinator(String rest, Study study) {
    int slash = rest.lastIndexOf('/');
    Matcher file = HASHED.matcher(rest.substring(slash + 1));
    String kind = file.matches() ? KINDS.getOrDefault(file.group(1), "object") : "object";
    return kind + place(slash < 0 ? "" : rest.substring(0, slash), study);
  }

  private static ObjectWords ofSite(String rest, Study study) {
    int slash = rest.lastIndexOf('/');
    Matcher file = OF_SITE.matcher(rest.substring(slash + 1));
    if (!file.matches()) {
      return new ObjectWords("a site", COORDINATOR, "object " + rest);
    }
    String kind = file.group(1);
    String where = place(rest.substring(0, Math.max(slash, 0)).replace("/setup", ""), study);
    String to =
        kind.equals("upload") || kind.equals("ack") || kind.equals("key")
            ? "coordinator and sites"
            : COORDINATOR;
    return new ObjectWords(file.group(2), to, KINDS.getOrDefault(kind, "object") + where);
  }

  private static ObjectWords frame(String rest, Study study) {
    String[] parts = rest.split("/");
    if (parts.length < 3) {
      return new ObjectWords("a site", COORDINATOR, "object " + rest);
    }
    String site = parts[parts.length - 2];
    String place = rest.substring(0, Math.max(0, rest.indexOf("/" + site + "/")));
    String number = parts[parts.length - 1].replaceAll("-.*", "").replaceFirst("^0+(?=.)", "");
    return new ObjectWords(site, COORDINATOR, "masked frame " + number + place(place, study));
  }

  /** In words where an object belongs: analysis, step, attempt, epoch. */
  private static String place(String place, Study study) {
    Matcher matcher = PLACE.matcher(place);
    if (!matcher.matches()) {
      return "";
    }
    StringBuilder words = new StringBuilder(" (");
    if (matcher.group(2) != null) {
      int job = Integer.parseInt(matcher.group(2));
      String analysis =
          job < study.analyses().size() ? study.analyses().get(job).name() : "number " + job;
      words.append("analysis ").append(analysis).append(", ");
    }
    if (matcher.group(3) != null) {
      words.append("step ").append(Integer.parseInt(matcher.group(3))).append(", ");
      int attempt = Integer.parseInt(matcher.group(4));
      if (attempt > 0) {
        words.append("attempt ").append(attempt).append(", ");
      }
    }
    return words.append("epoch ").append(Long.parseLong(matcher.group(1))).append(')').toString();
  }
}
