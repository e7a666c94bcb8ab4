/**
 * The site's side of TRIB-SA-1 (PROTOCOL.md 2.8, States).
 *
 * <pre>
 *   epoch     None -> KeySent -> Acked -> Active;  from each -> Abandoned
 *   attempt   Announced -> Prepared -> Uploading -> Uploaded -> Signed -> Answered;
 *             from each -> Closed (the step has its Result) or Dead
 * </pre>
 *
 * {@link io.tributary.protocol.site.SiteStudy} keeps the states of one study together and the rules
 * that bind steps and studies: {@link io.tributary.protocol.site.StepLock}, {@link
 * io.tributary.protocol.site.PopulationBook}.
 */
package io.tributary.protocol.site;
