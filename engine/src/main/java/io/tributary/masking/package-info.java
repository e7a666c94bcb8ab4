/**
 * Masks, shares and the keys behind them: TRIB-SA-1, PROTOCOL.md 2.3, 2.5 and 2.6.
 *
 * <pre>
 *   EpochTerms, RoundTerms -> RoundContext          public: what every key is bound to
 *   PairSecret -> JobKey -> pair seed, share key     one chain a pair and job, ratcheted each step
 *   StepRandomness -> AttemptRandomness              self seed, Shamir coefficients, upload nonce
 *   Masker: FixedVector -> MaskedFrame               the only words that can leave a site
 *   Shamir, ShareBox, Commitment, Seal               how a seed is shared, opened and checked
 *   Unmasker: sum of frames -> sum of values         static, over primitive arrays
 * </pre>
 *
 * Bouncy Castle is used by its lightweight classes, the bulk ciphers come from the platform; no
 * provider is ever registered. Nothing here does I/O, reads a clock or makes its own randomness.
 */
package io.tributary.masking;
