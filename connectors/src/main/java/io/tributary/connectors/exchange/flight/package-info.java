/**
 * The exchange over Arrow Flight: the coordinator serves a store of objects, sites connect outwards
 * to it. Both ends show a certificate and pin the other's by the SHA-256 of its DER form.
 *
 * <pre>
 * call      request                              answer                 in one message up to
 * DoAction  put: name, object                    nothing                256 KiB of object
 * DoAction  stage: name, size, digest            how much is there      -
 * DoPut     rest of an object in chunks          nothing, once stored   256 KiB a chunk
 * DoGet     name                                 object in chunks       256 KiB a chunk
 * DoAction  list: prefix                         pages of names         256 KiB a page
 * DoAction  await: prefix, digest of known names pages of names         256 KiB a page
 * </pre>
 *
 * The bytes of requests and answers are in {@link WireForm}. Errors travel as a code's name only.
 */
package io.tributary.connectors.exchange.flight;
