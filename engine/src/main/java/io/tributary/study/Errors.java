package io.tributary.study;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Every user-facing error: code, problem, cause, remedy. One method an error, grouped by the part
 * that throws it, so that the sentences are written once and can be read in one place.
 */
public final class Errors {
  private Errors() {}

  // ---- study and configuration -----------------------------------------------------------------

  public static TributaryException badSiteId(String found) {
    return new TributaryException(
        ErrorCode.CONFIG_INVALID,
        "Site id '" + found + "' is not allowed.",
        "A site id is a lower-case letter and then at most 31 of a-z, 0-9 and '-'.",
        "Rename the site in the consortium file.");
  }

  /** A configuration or study file breaks its form. {@code where} is file:line or a YAML path. */
  public static TributaryException invalid(
      ErrorCode code, String where, String problem, String remedy) {
    return new TributaryException(code, where + ": " + problem, "", remedy);
  }

  /** A {@code where} or {@code derive} expression; {@code position} counts characters from 1. */
  public static TributaryException expressionInvalid(int position, String problem, String remedy) {
    return new TributaryException(
        ErrorCode.EXPRESSION_INVALID, "at character " + position + " " + problem, "", remedy);
  }

  // ---- layouts and numbers ---------------------------------------------------------------------

  public static TributaryException layoutWouldWrap(String slot, String why, String remedy) {
    return new TributaryException(
        ErrorCode.LAYOUT_WOULD_WRAP, "Slot '" + slot + "' could wrap around.", why, remedy);
  }

  public static TributaryException notANumber(String slot) {
    return new TributaryException(
        ErrorCode.NOT_A_NUMBER,
        "A contribution to '" + slot + "' is NaN or infinite.",
        "Sums can hold finite numbers only.",
        "Filter or mark such values as missing in the site's catalogue.");
  }

  public static TributaryException valueOutOfBounds(String slot, double bound) {
    return new TributaryException(
        ErrorCode.VALUE_OUT_OF_BOUNDS,
        "A contribution to '" + slot + "' lies beyond its declared bound " + bound + ".",
        "The study's range or the number of persons per site is too small for this table.",
        "Correct the value at the site, or widen the range in the study.");
  }

  /** A value of a column, or a product of columns, beyond what sums without a common scale hold. */
  public static TributaryException tooLargeToAdd(String sum, double bound) {
    return new TributaryException(
        ErrorCode.VALUE_OUT_OF_BOUNDS,
        "A row has a value for '"
            + sum
            + "' beyond "
            + String.format(Locale.ROOT, "%.1e", bound)
            + ", the most that an exact sum takes.",
        "A column of the analysis holds a larger number there, or its transformation makes one.",
        "Correct the value at the site, or give the column in a larger unit under cohort.derive,"
            + " such as x / 1e6.");
  }

  // ---- peers and messages ----------------------------------------------------------------------

  public static TributaryException badMessage(String problem) {
    return new TributaryException(
        ErrorCode.BAD_MESSAGE,
        problem,
        "The object is not in the form that PROTOCOL.md 2.2 gives.",
        "Compare the versions of Tributary at both ends; the object is kept as evidence.");
  }

  public static TributaryException badFrame(String problem) {
    return new TributaryException(
        ErrorCode.BAD_FRAME,
        problem,
        "The frame is truncated, swapped or foreign.",
        "Compare the versions of Tributary at both ends; the object is kept as evidence.");
  }

  /** A message that the state of its receiver does not expect. */
  public static TributaryException unexpectedMessage(String state, String found, String expected) {
    return new TributaryException(
        ErrorCode.UNEXPECTED_MESSAGE,
        "At " + state + " a message found=" + found + " expected=" + expected + ".",
        "The two ends are not in step, or one of them lies.",
        "The message is ignored; compare the journals of both ends if the study does not go on.");
  }

  /** Any protocol refusal that blames nobody. */
  public static TributaryException protocol(
      ErrorCode code, String problem, String why, String remedy) {
    return new TributaryException(code, problem, why, remedy);
  }

  /**
   * A protocol refusal with the sites that the evidence leaves (PROTOCOL.md 2.6).
   *
   * @param suspects of which one at least is to blame; they are named in the problem's sentence
   */
  public static TributaryException blame(
      ErrorCode code, Set<SiteId> suspects, String problem, String why, String remedy) {
    String names = suspects.isEmpty() ? "" : " Suspected: " + String.join(", ", names(suspects));
    return new TributaryException(
        code, suspects, names.isEmpty() ? problem : problem + names + ".", why, remedy);
  }

  private static List<String> names(Set<SiteId> sites) {
    return sites.stream().map(SiteId::value).sorted().toList();
  }

  // ---- keys ------------------------------------------------------------------------------------

  /** A key, a certificate or the file of one is not what it must be. */
  public static TributaryException keyInvalid(String problem, String why, String remedy) {
    return new TributaryException(ErrorCode.KEY_INVALID, problem, why, remedy);
  }

  // ---- exchange and storage --------------------------------------------------------------------

  public static TributaryException exchangeConflict(String name) {
    return new TributaryException(
        ErrorCode.EXCHANGE_CONFLICT,
        "Object '" + name + "' exists with other bytes.",
        "Objects are written once.",
        "Look who else writes to this exchange; two processes of one site must not run at once.");
  }

  public static TributaryException exchangeFailed(String problem, String remedy, Throwable cause) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        problem,
        "The exchange did not answer as needed.",
        remedy,
        cause);
  }

  /**
   * A frame that a certificate names is not there when it is to be added. The step is bound to it,
   * so the study waits: a folder that is not mounted comes back.
   */
  public static TributaryException frameMissing(String name) {
    return exchangeFailed(
        "Frame '" + name + "' is not in the exchange any more.",
        "See why the exchange's folder lost it, and bring it back; the study waits for it until its"
            + " deadline.",
        null);
  }

  /** A wait was cut short, as by Ctrl-C; the thread's interrupt mark is set again by the caller. */
  public static TributaryException exchangeInterrupted(String name, Throwable cause) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        "Work on '" + name + "' in the exchange was interrupted.",
        "This process was asked to stop.",
        "Start the job again; it resumes where it stopped.",
        cause);
  }

  public static TributaryException exchangeFolderMissing(String folder) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        "The exchange's folder " + folder + " does not exist.",
        "The coordinator has not made it yet, the path is wrong, or its file system is not mounted.",
        "Start the coordinator first, or correct the exchange's folder in the configuration.");
  }

  public static TributaryException exchangeNotWritable(String folder, Throwable cause) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        "The exchange's folder " + folder + " cannot be written or read by this user.",
        "The file system refused access: " + cause.getMessage() + ".",
        "Give this user the right to read and write the folder, or mount it writable.",
        cause);
  }

  public static TributaryException exchangeFull(String folder, Throwable cause) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        "The exchange's folder " + folder + " is full.",
        "The file system has no room or the quota is used up; nothing was half-written.",
        "Free space or raise the quota, then start the job again; it resumes where it stopped.",
        cause);
  }

  /** A medium that cannot keep the exchange's promises. */
  public static TributaryException exchangeUnsuitable(String folder, String reason) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        "The folder " + folder + " cannot hold an exchange.",
        reason,
        "Use a local or network folder with hard links, HDFS, or the flight exchange.");
  }

  /** The coordinator does not answer; {@code problem} says what was tried and what came back. */
  public static TributaryException coordinatorUnreachable(
      String coordinator, String problem, Throwable cause) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        "The coordinator at " + coordinator + " does not answer.",
        problem,
        "Look whether it runs and whether this machine may connect out to it; then start again.",
        cause);
  }

  /** A site asked for what its certificate does not allow. */
  public static TributaryException exchangeDenied(String name, Throwable cause) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        "The coordinator does not allow this site to use '" + name + "'.",
        "A site writes only under names that carry its own id, and removes nothing.",
        "Compare the site's id with the one that the consortium file gives to its certificate.",
        cause);
  }

  public static TributaryException portTaken(String host, int port, Throwable cause) {
    return new TributaryException(
        ErrorCode.PORT_TAKEN,
        "Port " + port + " on " + host + " is taken.",
        "Another process listens there, perhaps another coordinator.",
        "Stop it, or give the coordinator another port and tell the sites.",
        cause);
  }

  public static TributaryException cannotListen(String host, int port, Throwable cause) {
    return new TributaryException(
        ErrorCode.EXCHANGE_FAILED,
        "The coordinator cannot listen on " + host + ":" + port + ".",
        "The system answers: " + cause.getMessage() + ".",
        "Give it an address of this machine, and a port that this user may open.",
        cause);
  }

  public static TributaryException tlsUnknownCertificate(String peer, String fingerprint) {
    return new TributaryException(
        ErrorCode.TLS_REFUSED,
        "The certificate of " + peer + " is not one that is pinned here.",
        "Its SHA-256 fingerprint is " + fingerprint + ".",
        "Compare it with the consortium file; new keys need a new consortium file at all parties.");
  }

  public static TributaryException tlsMissingCertificate(String peer) {
    return new TributaryException(
        ErrorCode.TLS_REFUSED,
        "There is no certificate from " + peer + ".",
        "Both ends of a connection must show one.",
        "Connect with the certificate and key that the consortium file lists.");
  }

  /** {@code now} is the time by this machine's clock. */
  public static TributaryException tlsOutOfTime(
      String peer, Instant from, Instant until, Instant now) {
    return new TributaryException(
        ErrorCode.TLS_REFUSED,
        "The certificate of " + peer + (now.isBefore(from) ? " is not valid yet." : " is expired."),
        "It is valid from " + from + " until " + until + ", and here it is " + now + ".",
        "Compare the clocks of both machines; else make new keys and agree on a new consortium"
            + " file.");
  }

  public static TributaryException tlsWrongHost(String peer, String host, String names) {
    return new TributaryException(
        ErrorCode.TLS_REFUSED,
        "The certificate of " + peer + " is not for the host '" + host + "'.",
        names.isEmpty() ? "It names no host." : "It names " + names + ".",
        "Connect by a name of the certificate, or make the coordinator's keys with this host name.");
  }

  /** The other end refused ours; {@code alert} is TLS's word for the reason. */
  public static TributaryException tlsRefusedByPeer(String peer, String alert, Throwable cause) {
    return new TributaryException(
        ErrorCode.TLS_REFUSED,
        "The other end, " + peer + ", refused this end's certificate.",
        "Its TLS alert is '" + alert + "'.",
        "Look whether the consortium file there lists this certificate, and whether its time has"
            + " come or is over; its own log says more.",
        cause);
  }

  /** A handshake that failed otherwise, as with a peer that speaks no TLS. */
  public static TributaryException tlsFailed(String peer, Throwable cause) {
    return new TributaryException(
        ErrorCode.TLS_REFUSED,
        "No secure connection with " + peer + " came about.",
        "TLS says: " + cause.getMessage() + ".",
        "Look whether a Tributary of the same version is at the other end, and no proxy between.",
        cause);
  }

  public static TributaryException storageFailed(String problem, String remedy, Throwable cause) {
    return new TributaryException(
        ErrorCode.STORAGE_FAILED,
        problem,
        "What is written has to be there whole, or not at all.",
        remedy,
        cause);
  }

  // ---- tables ----------------------------------------------------------------------------------

  public static TributaryException data(
      ErrorCode code, String where, String problem, String remedy) {
    return new TributaryException(code, where + ": " + problem, "", remedy);
  }

  // ---- analyses --------------------------------------------------------------------------------

  /**
   * An option of an analysis is unknown, of the wrong type or beyond what is allowed.
   *
   * @param analysis its name in the study
   * @param allowed what may stand there
   */
  public static TributaryException badOption(String analysis, String problem, String allowed) {
    return new TributaryException(
        ErrorCode.STUDY_INVALID,
        "analyses." + analysis + ": " + problem,
        "Options are read strictly, so that a misspelt one is not ignored.",
        "Allowed: " + allowed + ".");
  }

  /** A study costs more than a site's policy has to spend. */
  public static TributaryException beyondBudget(String asked, String allowed) {
    return new TributaryException(
        ErrorCode.DP_BUDGET_SPENT,
        "The study costs " + asked + "; the policy allows " + allowed + ".",
        "A site spends no more than its steward's budgets.",
        "Ask for less, or ask the steward to raise policy.budgets.");
  }

  /** A formula that cannot be read. {@code position} counts characters from 1. */
  public static TributaryException badFormula(
      String formula, int position, String problem, String remedy) {
    return new TributaryException(
        ErrorCode.FORMULA_INVALID,
        "Formula '" + formula + "', character " + position + ": " + problem,
        "Formulas follow R's model syntax, of which a part is supported.",
        remedy);
  }

  /** A column is used as a category, and nothing public says which levels it has. */
  public static TributaryException levelsNeeded(String analysis, String column) {
    return new TributaryException(
        ErrorCode.STUDY_INVALID,
        "analyses." + analysis + ": the levels of column '" + column + "' are not known.",
        "The shape of a sum must not depend on data, and text can be anything.",
        "Declare columns." + column + ".levels, or type integer with a range.");
  }

  /** Two sums over one table do not belong together. */
  public static TributaryException tableChanged() {
    return new TributaryException(
        ErrorCode.DATA_INVALID,
        "The persons of a bin are not those that an earlier sum counted.",
        "A site's table changed while the analysis ran.",
        "Give sites a snapshot that stays as it is, and submit the study again.");
  }

  /** Rows that an analysis adds together are more than it takes at once. */
  public static TributaryException clusterTooLarge(String column, int most) {
    return new TributaryException(
        ErrorCode.DATA_INVALID,
        "Column '" + column + "': more than " + most + " rows have the same value.",
        "The rows of a cluster are held and added together, so their number has a limit.",
        "Name a column whose clusters are smaller, or leave clusters out.");
  }

  /** A site's column does not hold what the study uses it for. */
  public static TributaryException badColumn(String column, String problem, String remedy) {
    return new TributaryException(
        ErrorCode.DATA_INVALID,
        "Column '" + column + "': " + problem,
        "The analysis cannot count or add such a value.",
        remedy);
  }

  // ---- policy ----------------------------------------------------------------------------------

  public static TributaryException policyRefused(String rule, String asked, String allowed) {
    return new TributaryException(
        ErrorCode.POLICY_REFUSED,
        "The site's rule '" + rule + "' refuses the study: it asks for " + asked + ".",
        "The rule allows " + allowed + ".",
        "Ask the site's data steward, or change the study.");
  }

  // ---- results ---------------------------------------------------------------------------------

  /** An output folder holds what Tributary did not write; it is left alone. */
  public static TributaryException resultsForeign(String folder, String found) {
    return new TributaryException(
        ErrorCode.RESULTS_FOREIGN,
        "The output folder '" + folder + "' holds something else: " + found + ".",
        "Only an empty folder, or one that Tributary wrote and nobody added to, is replaced.",
        "Name another folder, or move its content away.");
  }

  public static TributaryException resultsNotWritten(
      String folder, String detail, Throwable cause) {
    return new TributaryException(
        ErrorCode.STORAGE_FAILED,
        "The results could not be written to '" + folder + "': " + detail + ".",
        "Either the earlier results are still there, whole, or the new ones are.",
        "Make room or mend the folder's rights, then write the results again.",
        cause);
  }

  /** The same after the old results had to give way. */
  public static TributaryException resultsUnfinished(
      String folder, String detail, Throwable cause) {
    return new TributaryException(
        ErrorCode.STORAGE_FAILED,
        "The results in '" + folder + "' are unfinished: " + detail + ".",
        "The folder cannot be renamed as a whole, and moving the files into it failed.",
        "Mend the folder's rights, then write the results again; until then there is no"
            + " release.json in it.",
        cause);
  }

  public static TributaryException resultsMissing(String folder) {
    return new TributaryException(
        ErrorCode.RESULTS_MISSING,
        "There are no results in '" + folder + "'.",
        "A finished result folder holds release.json.",
        "Name the folder that --out named, or wait for the study to finish.");
  }

  /** A result file is not as it was written. */
  public static TributaryException resultsInvalid(String file, String problem) {
    return new TributaryException(
        ErrorCode.RESULTS_INVALID,
        file + ": " + problem + ".",
        "The file was changed, cut off, or written by another version.",
        "Write the results again, or compare the versions of Tributary.");
  }

  /** A name that becomes a file name. */
  public static TributaryException resultNameNotAllowed(String what, String name) {
    return new TributaryException(
        ErrorCode.STUDY_INVALID,
        "The " + what + " '" + name + "' cannot become a file name.",
        "Such a name is a letter or digit and then at most 63 of letters, digits, '.', '_', '-'.",
        "Rename it in the study.");
  }

  /**
   * The release floor has withheld every analysis.
   *
   * @param outcomes name and outcome of each analysis
   */
  public static TributaryException nothingReleased(String study, List<String> outcomes) {
    return new TributaryException(
        ErrorCode.SUPPRESSED,
        "Nothing of study '" + study + "' could be released.",
        "The release floor withholds all of it: " + String.join(", ", outcomes) + ".",
        "Widen the cohort, join levels or leave terms out; the report says what each analysis"
            + " lacked.");
  }

  // ---- internal --------------------------------------------------------------------------------

  public static TributaryException internal(String problem, Throwable cause) {
    return new TributaryException(
        ErrorCode.INTERNAL,
        problem,
        "This is a defect of Tributary.",
        "Report it with the output of --stacktrace.",
        cause);
  }
}
