/**
 * Bytes that mean one thing: the canonical encoding and its digests (PROTOCOL.md 2.2), the shape
 * and the plaintext words of a frame, and the Arrow form that a masked frame travels in
 * (PROTOCOL.md 2.5, Frames).
 *
 * <p>Nothing here knows a key. What is read here may come from anyone, so every reader states what
 * it expects and refuses the rest with BAD_MESSAGE or BAD_FRAME.
 */
package io.tributary.codec;
