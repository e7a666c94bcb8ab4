#!/usr/bin/env python3
"""Writes the test vectors of protocol version 1.

Usage: generate_vectors.py FOLDER

Every byte is a function of this program: inputs are hashes of their names. The engine's tests read
the files in src/test/resources/vectors/v1 and also run this program again and compare.

A file named X_bad_Y.json is the negative twin of X: an object with one thing wrong that a reader
has to notice.
"""

import json
import sys
from pathlib import Path

from reference import curve25519, protocol as p


def pseudo(name, length=32):
    """Bytes that depend on a name only."""
    out = b""
    while len(out) < length:
        out += p.sha256(f"tributary vector {name} {len(out)}".encode("utf-8"))
    return out[:length]


def number(name, bits, signed=True):
    """A number of the given size, negative half of the time if signed."""
    value = int.from_bytes(pseudo(name), "little") % 2**bits
    return value - 2 ** (bits - 1) if signed else value


def hexed(value):
    """Bytes as hex, everywhere inside lists and maps; map keys as text."""
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, dict):
        return {str(k): hexed(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [hexed(v) for v in value]
    return value


# ---- Terms that several files share ------------------------------------------------------------


def epoch_terms(sites, shape, signatures, shares):
    return {
        "consortium": pseudo("consortium"),
        "study": pseudo("study"),
        "epoch": 2**40 + 7,
        "roster": p.roster_hash(
            pseudo("epoch-open", 90), [pseudo(f"epoch-key {i}", 70 + i) for i in range(sites)]
        ),
        "shape": shape,
        "sites": sites,
        "signatures": signatures,
        "shares": shares,
        "min_contributors": 3,
        "colluders": 1,
    }


def round_terms(sites, job=2, step=0, attempt=0, **changes):
    terms = {
        "job": job,
        "step": step,
        "attempt": attempt,
        "participants": list(range(sites)),
        "layout": pseudo("layout"),
        "broadcast": pseudo("broadcast"),
        "query": pseudo("query"),
        "dp": pseudo("dp"),
        "previous_transcript": bytes(32) if step == 0 else pseudo("transcript"),
    }
    terms.update(changes)
    return terms


def contexts(sites=5, shape="QUORUM", signatures=4, shares=4, **changes):
    epoch = epoch_terms(sites, shape, signatures, shares)
    rounds = round_terms(sites, **changes)
    ctx_epoch = p.epoch_context(epoch)
    return epoch, rounds, ctx_epoch, p.round_context(ctx_epoch, sites, rounds)


def in_context(fields, changes=None):
    """A file's body: the terms of a round and what was computed under it."""
    epoch, rounds, ctx_epoch, ctx_round = contexts(**(changes or {}))
    head = {"epoch": epoch, "round": rounds, "ctx_epoch": ctx_epoch, "ctx_round": ctx_round}
    return {**head, **fields(ctx_epoch, ctx_round)}


# ---- Files -------------------------------------------------------------------------------------


def canonical():
    samples = [
        ("empty/v1", []),
        ("empty-field/v1", [b""]),
        ("two/v1", [b"a", b"bc"]),
        ("integers/v1", [p.u8(255), p.u16(65535), p.u32(2**32 - 1), p.u64(2**64 - 1)]),
        ("list/v1", [p.list_field([]), p.list_field([b"", b"x", pseudo("item", 40)])]),
        ("text/v1", ["Überlingen".encode("utf-8")]),
        ("bitmap/v1", [p.bitmap(9, [0, 7, 8]), p.bitmap(8, range(8)), p.bitmap(3, [])]),
    ]
    two = p.enc("two/v1", b"a", b"bc")
    bad = {
        "truncated": two[:-1],
        "byte after the end": two + b"\x00",
        "one field too many": p.enc("two/v1", b"a", b"b", b"c"),
        "one field too few": p.enc("two/v1", b"abc"),
        "other label": p.enc("too/v1", b"a", b"bc"),
        "no prefix": two.replace(b"tributary/", b"tributarY/"),
        "length beyond the end": two[:-6] + b"\x7f\xff\xff\xff" + two[-2:],
        "negative length": two[:-6] + b"\xff\xff\xff\xff" + two[-2:],
        "empty": b"",
    }
    return {
        "objects": [
            {"label": label, "fields": fields, "enc": p.enc(label, *fields), "hash": p.H(label, *fields)}
            for label, fields in samples
        ],
        "bad_two": bad,
        "bad_bitmap_of_9": [b"", b"\x01", b"\x01\x02", b"\x01\x80", b"\x01\x01\x00"],
        "bad_list": [
            b"",
            p.u32(1),
            p.u32(2) + p.with_length(b"x"),
            p.u32(1) + p.with_length(b"x") + b"\x00",
            p.u32(2**32 - 1),
            p.u32(2**31 - 1) + p.with_length(b"x"),
        ],
    }


def context_hashes():
    cases = []
    for changes in (
        {},
        {"sites": 3, "shape": "ALL", "signatures": 3, "shares": 2},
        {"step": 1, "job": 255, "attempt": 15},
        {"sites": 9, "signatures": 6, "shares": 6, "participants": [0, 1, 2, 4, 7, 8]},
    ):
        epoch, rounds, ctx_epoch, ctx_round = contexts(**changes)
        cases.append(
            {
                "epoch": epoch,
                "epoch_open": pseudo("epoch-open", 90),
                "epoch_keys": [pseudo(f"epoch-key {i}", 70 + i) for i in range(epoch["sites"])],
                "round": rounds,
                "ctx_epoch": ctx_epoch,
                "ctx_round": ctx_round,
                "chk_key": p.check_key(ctx_round),
            }
        )
    return {"cases": cases}


def bad_contexts():
    """Every field of the round changed alone gives another context."""
    _, _, _, good = contexts(step=1)
    twins = {
        "job": {"job": 3},
        "step": {"step": 2},
        "attempt": {"attempt": 1},
        "participants": {"participants": [0, 1, 2, 3]},
        "layout": {"layout": pseudo("other layout")},
        "broadcast": {"broadcast": pseudo("other broadcast")},
        "query": {"query": pseudo("other query")},
        "dp": {"dp": pseudo("other dp")},
        "previous_transcript": {"previous_transcript": pseudo("other transcript")},
    }
    out = []
    for name, change in twins.items():
        epoch, rounds, _, ctx_round = contexts(**{"step": 1, **change})
        assert ctx_round != good
        out.append({"changed": name, "epoch": epoch, "round": rounds, "ctx_round": ctx_round})
    return {"ctx_round": good, "twins": out}


def key_schedule():
    def fields(ctx_epoch, ctx_round):
        u, v = 3, 1
        private_u, private_v = pseudo("agreement 3"), pseudo("agreement 1")
        public_u, public_v = map(curve25519.x25519_public, (private_u, private_v))
        agreed = curve25519.x25519(private_u, public_v)
        assert agreed == curve25519.x25519(private_v, public_u)
        prk = p.hkdf_extract(ctx_epoch, agreed)
        roster = pseudo("a roster hash")
        chain = [p.job_key(prk, 2, u, v)]
        for step in range(1, 4):
            chain.append(p.ratchet(chain[-1], step))
        nonce = pseudo("upload nonce")
        rho = pseudo("rho")
        mu = p.attempt_secret(rho, ctx_round)
        words = [1, 2**64 - 1, 5]
        return {
            "self": u,
            "peer": v,
            "private_self": private_u,
            "private_peer": private_v,
            "public_self": public_u,
            "public_peer": public_v,
            "roster_hash": roster,
            "mac_self_to_peer": p.confirmation(prk, roster, u, v),
            "mac_peer_to_self": p.confirmation(prk, roster, v, u),
            "job": 2,
            "job_keys": chain,
            "other_job": {"job": 7, "key": p.job_key(prk, 7, u, v)},
            "pair_seed": p.pair_seed(chain[0], ctx_round),
            "upload_nonce": nonce,
            "share_key_self_to_peer": p.share_key(chain[0], u, v, ctx_round, nonce),
            "share_key_peer_to_self": p.share_key(chain[0], v, u, ctx_round, nonce),
            "rho": rho,
            "noise_key": p.noise_key(rho),
            "noise_words": [f"{w:016x}" for w in p.keystream_words(p.noise_key(rho), 0, 3)],
            "input": {"frame": 4, "narrow": words, "tag": p.input_tag(rho, 4, words)},
            "own_self_seed": p.self_seed(mu),
            "own_upload_nonce": p.upload_nonce(mu),
            "channel_key": prk,
        }

    return in_context(fields)


def mask_words():
    """First and last words of the masks of frames 0, 1 and of a short frame."""

    def fields(_, ctx_round):
        seed = pseudo("mask seed")
        frames = []
        for frame, wide, narrow in ((0, 0, 2**20 - 3), (1, 2**19 - 2, 1), (2, 3, 5)):
            total = 2 * wide + narrow + narrow % 2 + 2
            key = p.prg_key(seed, ctx_round, frame)
            # Added to the largest narrow value and to -1 as a wide one, so that carries show.
            low = p.keystream_words(key, 0, 2)
            sample = low[0] + 2**64 * low[1]
            frames.append(
                {
                    "frame": frame,
                    "wide_elements": wide,
                    "narrow_elements": narrow,
                    "total_words": total,
                    "first": [f"{w:016x}" for w in p.keystream_words(key, 0, 4)],
                    "last": [f"{w:016x}" for w in p.keystream_words(key, total - 4, 4)],
                    "added_to_minus_one": p.words_to_bytes(
                        [sample - 1, (sample - 1) // 2**64] if wide else [low[0] - 1, low[1] - 1]
                    ),
                    "subtracted_from_zero": p.words_to_bytes(
                        [-sample, -sample // 2**64] if wide else [-low[0], -low[1]]
                    ),
                }
            )
        return {"seed": seed, "frames": frames}

    return in_context(fields)


def shamir():
    cases = []
    for name, threshold, sites in (("a", 2, 3), ("b", 3, 5), ("c", 1, 1), ("d", 7, 9)):
        secret, key = pseudo(f"shared {name}"), pseudo(f"coefficients {name}")
        if name == "b":
            secret = b"\xff" * 32
        shares = p.deal(secret, threshold, sites, key)
        assert p.rebuild({i: shares[i] for i in range(sites)}) == secret
        cases.append(
            {
                "secret": secret,
                "threshold": threshold,
                "sites": sites,
                "coefficient_key": key,
                "coefficients": [
                    str(c) for c in p.coefficients(key, len(p.LIMB_BITS) * (threshold - 1))
                ],
                "shares": shares,
            }
        )
    return {"cases": cases}


def shamir_bad_share():
    secret, key = pseudo("shared bad"), pseudo("coefficients bad")
    shares = p.deal(secret, 3, 5, key)
    value = p.FIELD
    beyond = shares[1][:8] + value.to_bytes(8, "little") + shares[1][16:]
    flipped = shares[1][:6] + bytes([shares[1][6] ^ 0x80]) + shares[1][7:]
    changed = p.rebuild({0: shares[0], 1: flipped, 2: shares[2]})
    # This wrong share adds 1 to the lowest limb, in range: only the commitment sees it.
    weight = 1 * 3 * pow((1 - 2) * (3 - 2), p.FIELD - 2, p.FIELD) % p.FIELD
    step = pow(weight, p.FIELD - 2, p.FIELD)
    quiet = (int.from_bytes(shares[1][:8], "little") + step) % p.FIELD
    unseen = quiet.to_bytes(8, "little") + shares[1][8:]
    other = p.rebuild({0: shares[0], 1: unseen, 2: shares[2]})
    assert changed is None and other is not None and other != secret
    return {
        "secret": secret,
        "threshold": 3,
        "indices": [0, 1, 2],
        "good": shares[:3],
        "not_below_p": [beyond, bytes(39), b"\xff" * 40, bytes(41), b""],
        "out_of_range": [shares[0], flipped, shares[2]],
        "in_range_but_other": {"shares": [shares[0], unseen, shares[2]], "secret": other},
    }


def check_elements():
    def fields(_, ctx_round):
        chk_key = p.check_key(ctx_round)
        cases = []
        for wide, narrow in (
            ([], [1]),
            ([], [-1, 2**63 - 1, -(2**63)]),
            ([1], []),
            ([-1, 2**127 - 1, -(2**127)], [0, -7]),
            ([number(f"wide {i}", 128) for i in range(4)], [number(f"n {i}", 64) for i in range(5)]),
        ):
            frame = p.Frame(wide, narrow)
            check = frame.check(chk_key, ctx_round, 9)
            cases.append(
                {
                    "wide": [str(w) for w in wide],
                    "narrow": [str(w) for w in narrow],
                    "check": p.words_to_bytes([check % 2**64, check // 2**64]),
                }
            )
        return {"frame": 9, "chk_key": chk_key, "cases": cases}

    return in_context(fields)


def commitments():
    def fields(_, ctx_round):
        own, pair = pseudo("own seed"), pseudo("pair seed")
        return {
            "self_seed": {
                "site": 2,
                "seed": own,
                "commitment": p.commitment(ctx_round, p.SELF_SEED, 2, 2, own),
            },
            "pair_seed": {
                "one": 4,
                "other": 1,
                "seed": pair,
                "commitment": p.commitment(ctx_round, p.PAIR_SEED, 1, 4, pair),
            },
        }

    return in_context(fields)


def commitments_bad_commitment():
    """Seeds that the commitment of commitments.json must not accept, each with its own hash."""

    def fields(_, ctx_round):
        own = pseudo("own seed")
        other_round = contexts(attempt=1)[3]
        twins = {
            "other secret": (ctx_round, p.SELF_SEED, 2, 2, pseudo("another seed")),
            "other site": (ctx_round, p.SELF_SEED, 3, 3, own),
            "other kind": (ctx_round, p.PAIR_SEED, 2, 3, own),
            "other round": (other_round, p.SELF_SEED, 2, 2, own),
        }
        return {
            "site": 2,
            "seed": own,
            "commitments": {name: p.commitment(*inputs) for name, inputs in twins.items()},
        }

    return in_context(fields)


def boxes():
    def fields(_, ctx_round):
        key = p.share_key(pseudo("job key"), 2, 0, ctx_round, pseudo("nonce of 2"))
        shares = [p.deal(pseudo(f"boxed {i}"), 4, 5, pseudo(f"box poly {i}"))[0] for i in range(5)]
        return {
            "job_key": pseudo("job key"),
            "upload_nonce": pseudo("nonce of 2"),
            "from": 2,
            "to": 0,
            "shares": shares,
            "box": p.box(key, ctx_round, 2, 0, shares),
        }

    return in_context(fields)


def boxes_bad_context():
    """Boxes that must not open as the one of boxes.json: the same key, another place."""

    def fields(_, ctx_round):
        key = p.share_key(pseudo("job key"), 2, 0, ctx_round, pseudo("nonce of 2"))
        shares = [p.deal(pseudo(f"boxed {i}"), 4, 5, pseudo(f"box poly {i}"))[0] for i in range(5)]
        other_round = contexts(attempt=1)[3]
        good = p.box(key, ctx_round, 2, 0, shares)
        beyond = shares[:4] + [p.FIELD.to_bytes(8, "little") + shares[4][8:]]
        return {
            "job_key": pseudo("job key"),
            "upload_nonce": pseudo("nonce of 2"),
            "from": 2,
            "to": 0,
            "boxes": {
                "other round": p.box(key, other_round, 2, 0, shares),
                "other dealer": p.box(key, ctx_round, 3, 0, shares),
                "other receiver": p.box(key, ctx_round, 2, 1, shares),
                "share not below p": p.box(key, ctx_round, 2, 0, beyond),
                "one share too few": p.box(key, ctx_round, 2, 0, shares[:4]),
                "truncated": good[:-1],
                "flipped": good[:-1] + bytes([good[-1] ^ 1]),
            },
        }

    return in_context(fields)


def seals():
    def fields(_, ctx_round):
        key = pseudo("channel key")
        cases = []
        for name, sender, receiver, text in (
            ("unmask", 3, p.COORDINATOR, pseudo("unmask answer", 100)),
            ("result", p.COORDINATOR, 0, b""),
        ):
            cases.append(
                {
                    "type": name,
                    "from": sender,
                    "to": receiver,
                    "plaintext": text,
                    "sealed": p.seal(key, name, sender, receiver, ctx_round, text),
                }
            )
        return {"channel_key": key, "cases": cases}

    return in_context(fields)


def seals_bad_context():
    def fields(_, ctx_round):
        key, text = pseudo("channel key"), pseudo("unmask answer", 100)
        place = ("unmask", 3, p.COORDINATOR, ctx_round)
        good = p.seal(key, *place, text)
        # A tag over another plaintext, with a ciphertext made under the key of that tag.
        forged = bytearray(good)
        forged[0] ^= 1
        return {
            "channel_key": key,
            "type": "unmask",
            "from": 3,
            "to": p.COORDINATOR,
            "sealed": {
                "other type": p.seal(key, "result", *place[1:], text),
                "other sender": p.seal(key, "unmask", 2, p.COORDINATOR, ctx_round, text),
                "reflected": p.seal(key, "unmask", p.COORDINATOR, 3, ctx_round, text),
                "other round": p.seal(key, *place[:3], contexts(attempt=1)[3], text),
                "other channel": p.seal(pseudo("another channel"), *place, text),
                "tag flipped": bytes(forged),
                "body flipped": good[:40] + bytes([good[40] ^ 1]) + good[41:],
                "truncated": good[:47],
                "empty": b"",
            },
        }

    return in_context(fields)


def signatures():
    cases = []
    for i, message in enumerate((b"", p.H("upload/v1", pseudo("ctx"), b"x"), pseudo("long", 200))):
        seed = pseudo(f"signer {i}")
        cases.append(
            {
                "seed": seed,
                "public": curve25519.ed25519_public(seed),
                "message": message,
                "signature": curve25519.ed25519_sign(seed, message),
            }
        )
    return {"cases": cases}


# ---- Complete sums -----------------------------------------------------------------------------


class Sum:
    """All sites of one attempt, from their private keys to the opened sum, with one frame."""

    FRAME = 0

    def __init__(self, sites, shape, signatures, shares, dropouts):
        changes = dict(sites=sites, shape=shape, signatures=signatures, shares=shares)
        self.epoch, self.round, self.ctx_epoch, self.ctx_round = contexts(**changes)
        self.sites, self.threshold, self.dropouts = sites, shares, dropouts
        self.contributors = [u for u in range(sites) if u not in dropouts]
        private = [pseudo(f"sum private {u}") for u in range(sites)]
        public = [curve25519.x25519_public(key) for key in private]
        self.private = private
        self.rho = [pseudo(f"sum rho {u}") for u in range(sites)]
        self.mu = [p.attempt_secret(rho, self.ctx_round) for rho in self.rho]
        self.own_seeds = [p.self_seed(mu) for mu in self.mu]
        self.pair_seeds = {}
        for u in range(sites):
            for v in range(u + 1, sites):
                prk = p.hkdf_extract(self.ctx_epoch, curve25519.x25519(private[u], public[v]))
                key = p.job_key(prk, self.round["job"], u, v)
                self.pair_seeds[u, v] = p.pair_seed(key, self.ctx_round)
        self.inputs = [
            p.Frame(
                [number(f"sum wide {u} {i}", 120) for i in range(2)],
                [number(f"sum narrow {u} {i}", 60) for i in range(3)],
            )
            for u in range(sites)
        ]
        self.masked = [self._masked(u) for u in range(sites)]

    def seed(self, u, v):
        return self.pair_seeds[min(u, v), max(u, v)]

    def _masked(self, u):
        peers = {v: self.seed(u, v) for v in range(self.sites) if v != u}
        return p.mask(self.inputs[u], self.ctx_round, self.FRAME, u, self.own_seeds[u], peers)

    def released(self):
        """b_u for U ascending, then s_uz by (u, z)."""
        own = [self.own_seeds[u] for u in self.contributors]
        return own + [self.seed(u, z) for u in self.contributors for z in self.dropouts]

    def dealt(self, u, kind, peer=None):
        lo, hi = (u, u) if peer is None else (min(u, peer), max(u, peer))
        secret = self.own_seeds[u] if peer is None else self.seed(u, peer)
        key = p.coefficient_key(self.mu[u], kind, lo, hi)
        return p.deal(secret, self.threshold, self.sites, key)

    def body(self):
        first = self.contributors[0]
        wide = [sum(self.inputs[u].wide[i] for u in self.contributors) for i in range(2)]
        narrow = [sum(self.inputs[u].narrow[i] for u in self.contributors) for i in range(3)]
        salt = pseudo("salt")
        uploads = [pseudo(f"upload {u}") for u in self.contributors]
        result = p.result_digest(salt, [p.Frame(wide, narrow).data_words()])
        return {
            "epoch": self.epoch,
            "round": self.round,
            "ctx_round": self.ctx_round,
            "frame": self.FRAME,
            "contributors": self.contributors,
            "dropouts": self.dropouts,
            "site": [
                {
                    "private": self.private[u],
                    "rho": self.rho[u],
                    "wide": [str(w) for w in self.inputs[u].wide],
                    "narrow": [str(w) for w in self.inputs[u].narrow],
                    "commitment": p.commitment(
                        self.ctx_round, p.SELF_SEED, u, u, self.own_seeds[u]
                    ),
                    "self_seed_shares": self.dealt(u, p.SELF_SEED),
                    "masked": p.words_to_bytes(self.masked[u]),
                }
                for u in range(self.sites)
            ],
            "pair_commitments": {
                f"{u}-{v}": p.commitment(self.ctx_round, p.PAIR_SEED, u, v, seed)
                for (u, v), seed in self.pair_seeds.items()
            },
            "dropout_shares": {
                f"{first}-{z}": self.dealt(first, p.PAIR_SEED, z) for z in self.dropouts
            },
            "released": self.released(),
            "sum": {
                "wide": [str(w) for w in wide],
                "narrow": [str(w) for w in narrow],
                "words": p.words_to_bytes(p.Frame(wide, narrow).data_words()),
            },
            "salt": salt,
            "result_digest": result,
            "uploads": uploads,
            "transcript_hash": p.transcript_hash(
                self.ctx_round, self.sites, self.contributors, uploads, self.released(), result
            ),
        }


def sum_of_3():
    return Sum(3, "ALL", 3, 2, []).body()


def sum_of_5(twin=None):
    body = Sum(5, "QUORUM", 4, 4, [3]).body()
    if twin is None:
        return body
    body["twin"] = twin
    if twin == "bad_share":
        # One share of b_0 off by one in its lowest bit: the limbs end out of range or the
        # commitment is missed.
        share = bytearray(body["site"][0]["self_seed_shares"][1])
        share[0] ^= 1
        body["site"][0]["self_seed_shares"][1] = bytes(share)
    elif twin == "bad_commitment":
        body["site"][0]["commitment"] = pseudo("no commitment")
    elif twin == "bad_context":
        # Site 0 was told another broadcast: its masks do not cancel with the others'.
        other = Sum(5, "QUORUM", 4, 4, [3])
        other.round["broadcast"] = pseudo("other broadcast")
        ctx = p.round_context(other.ctx_epoch, 5, other.round)
        peers = {}
        for v in range(1, 5):
            agreed = curve25519.x25519(other.private[0], curve25519.x25519_public(other.private[v]))
            prk = p.hkdf_extract(other.ctx_epoch, agreed)
            peers[v] = p.pair_seed(p.job_key(prk, other.round["job"], 0, v), ctx)
        own = p.self_seed(p.attempt_secret(other.rho[0], ctx))
        masked = p.mask(other.inputs[0], ctx, 0, 0, own, peers)
        body["site"][0]["masked"] = p.words_to_bytes(masked)
    elif twin == "bad_check":
        # One plaintext value changed after the check element was computed.
        masked = p.bytes_to_words(body["site"][1]["masked"])
        masked[4] = (masked[4] + 1) % 2**64
        body["site"][1]["masked"] = p.words_to_bytes(masked)
    return body


FILES = {
    "canonical": canonical,
    "contexts": context_hashes,
    "contexts_bad_context": bad_contexts,
    "key_schedule": key_schedule,
    "mask_words": mask_words,
    "shamir": shamir,
    "shamir_bad_share": shamir_bad_share,
    "check_element": check_elements,
    "commitments": commitments,
    "commitments_bad_commitment": commitments_bad_commitment,
    "boxes": boxes,
    "boxes_bad_context": boxes_bad_context,
    "seals": seals,
    "seals_bad_context": seals_bad_context,
    "signatures": signatures,
    "sum_3_sites": sum_of_3,
    "sum_5_sites_one_dropout": sum_of_5,
    "sum_5_sites_one_dropout_bad_share": lambda: sum_of_5("bad_share"),
    "sum_5_sites_one_dropout_bad_commitment": lambda: sum_of_5("bad_commitment"),
    "sum_5_sites_one_dropout_bad_context": lambda: sum_of_5("bad_context"),
    "sum_5_sites_one_dropout_bad_check": lambda: sum_of_5("bad_check"),
}


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, make in FILES.items():
        text = json.dumps(hexed(make()), indent=1, sort_keys=True)
        (folder / f"{name}.json").write_bytes((text + "\n").encode("utf-8"))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
