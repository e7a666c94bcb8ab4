package io.tributary.journal;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a line of an evidence journal is about. Its sentence, with the line's details in the places
 * of their names, is the line in words; a line has exactly the details that its sentence names, and
 * may have {@code text}, a longer text that is kept but not shown in one line.
 */
public enum EvidenceEvent {
  /** The journal begins. */
  OPENED("The journal of {role} {party} begins; its key is {key}"),
  /** A process of the party begins to serve. */
  STARTED("Started: Tributary {version}, Java {java}, consortium file {consortium}"),
  /** The policy under which the decisions that follow are made; the text is the policy itself. */
  POLICY("Policy in force: SHA-256 {policy}"),
  /** A study has come in; the text is what it asks for, line by line. */
  ASKED("{analyst} asks in study '{name}': {asks}"),
  /** Every rule holds; the text is the judgement. */
  ADMITTED("Admitted by rule: {rules}"),
  /** A rule does not hold. */
  REFUSED("Refused, {code}: {problem} {cause}"),
  /** A steward's own decision, made by hand. */
  DECIDED("{steward} decides: {decision}; {reason}"),
  /** A steward signs the next consortium file, and others may take it for that. */
  CONSENTED("{steward} signs version {version} of the consortium file, {digest}: {changes}"),
  /** Another consortium file is in force from the next start. */
  ROSTER_TAKEN(
      "Takes version {version} of the consortium file, {digest}, signed by {signers}: {changes}"),
  /** The stewards' act on a population: from here on its sums have other contributors. */
  ACTED("Act {act} on the contributors of {population}, signed by {signers}: {words}"),
  /** A debit of a privacy budget, or a count against a limit. */
  BUDGET("Budget of {budget}: {spent} spent for {purpose}, {left} left"),
  /** A cohort is about to be summed, and is compared with later ones (site). */
  REMEMBERED("Remembers the cohort of dataset {dataset}; its keyed hashes have SHA-256 {digest}"),
  /** The party offers a key for an epoch; the chain after this line is the key's nonce. */
  ANCHORED("Takes part in epoch {epoch}; the others get this line's chain in its EpochKey"),
  /** Bytes are about to leave. */
  LEFT("Left for {to}: {what}, {bytes} bytes, SHA-256 {digest}"),
  /** Bytes were read that another party wrote. */
  CAME("Came from {from}: {what}, {bytes} bytes, SHA-256 {digest}"),
  /** What another party wrote was not taken. */
  NOT_TAKEN("Not taken: {what}: {code}: {problem}"),
  /** An attempt is not gone on with, for a reason of the party's own. */
  DECLINED("Declined {what}: {code}: {problem}"),
  /** A masked sum was taken (coordinator). */
  SUMMED("Sum taken: {what}, {words} words over {contributors}; without {absent}"),
  /** An analysis was given up (coordinator). */
  ANALYSIS_FAILED("Analysis {analysis} given up: {code}: {problem}"),
  /** A release was written (coordinator); the text lists its files with their digests. */
  RELEASED("Released: {files} files, release.json has SHA-256 {release}"),
  /** A study is over. */
  ENDED("Study '{name}' ended: {outcome}"),
  /** A signed head of this journal, of which the others get a copy. */
  CHECKPOINT("Checkpoint: {count} lines, head {head}; signature {signature}"),
  /** Another party's signed head, kept here for it. */
  HELD("{party} stood at {count} lines, head {head}; signature {signature}");

  private static final Pattern DETAIL = Pattern.compile("\\{([a-z]+)}");

  private final String sentence;

  EvidenceEvent(String sentence) {
    this.sentence = sentence;
  }

  /** With the names of details in braces. */
  String sentence() {
    return sentence;
  }

  /** The details that a line must have. */
  Set<String> details() {
    Set<String> names = new LinkedHashSet<>();
    Matcher matcher = detail().matcher(sentence);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  /** A detail's place in a sentence. */
  static Pattern detail() {
    return DETAIL;
  }
}
