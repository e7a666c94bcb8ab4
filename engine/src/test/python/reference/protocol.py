"""TRIB-SA-1 as PROTOCOL.md 2.2, 2.3, 2.5 and 2.6 give it."""

import hashlib
import hmac

from . import aes

COORDINATOR = 0xFFFF
SUITE = "TRIB-SA-1"
SHAPES = {"QUORUM": 1, "ALL": 2}

# ---- 2.2 Canonical encoding --------------------------------------------------------------------


def u8(value):
    return value.to_bytes(1, "big")


def u16(value):
    return value.to_bytes(2, "big")


def u32(value):
    return value.to_bytes(4, "big")


def u64(value):
    return value.to_bytes(8, "big")


def with_length(data):
    return u32(len(data)) + data


def bitmap(n, indices):
    """ceil(n / 8) bytes, site i is bit i mod 8, least significant first, of byte i / 8."""
    value = sum(1 << i for i in indices)
    return value.to_bytes((n + 7) // 8, "little")


def list_field(items):
    return u32(len(items)) + b"".join(with_length(item) for item in items)


def enc(label, *fields):
    name = ("tributary/" + label).encode("ascii")
    return with_length(name) + b"".join(with_length(field) for field in fields)


def sha256(data):
    return hashlib.sha256(data).digest()


def H(label, *fields):
    return sha256(enc(label, *fields))


# ---- 2.3 Contexts and keys ---------------------------------------------------------------------


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def hkdf_extract(salt, ikm):
    return hmac_sha256(salt, ikm)


def hkdf_expand(key, info, length):
    """RFC 5869, 2.3."""
    out, block, count = b"", b"", 1
    while len(out) < length:
        block = hmac_sha256(key, block + info + u8(count))
        out += block
        count += 1
    return out[:length]


def expand(key, label, *fields):
    return hkdf_expand(key, enc(label, *fields), 32)


def roster_hash(epoch_open, epoch_keys):
    return H("roster/v1", epoch_open, list_field(epoch_keys))


def epoch_context(terms):
    return H(
        "epoch/v1",
        SUITE.encode("utf-8"),
        terms["consortium"],
        terms["study"],
        u64(terms["epoch"]),
        terms["roster"],
        u8(SHAPES[terms["shape"]]),
        u16(terms["signatures"]),
        u16(terms["shares"]),
        u16(terms["min_contributors"]),
        u16(terms["colluders"]),
    )


def round_context(ctx_epoch, sites, terms):
    return H(
        "round/v1",
        ctx_epoch,
        u32(terms["job"]),
        u32(terms["step"]),
        u8(terms["attempt"]),
        bitmap(sites, terms["participants"]),
        terms["layout"],
        terms["broadcast"],
        terms["query"],
        terms["dp"],
        terms["previous_transcript"],
    )


def in_order(a, b):
    return u16(min(a, b)), u16(max(a, b))


def confirmation(prk, roster, sender, receiver):
    key = expand(prk, "confirm-key/v1", *in_order(sender, receiver))
    return hmac_sha256(key, enc("confirm/v1", roster, u16(sender), u16(receiver)))


def job_key(prk, job, a, b):
    return expand(prk, "job/v1", u32(job), *in_order(a, b))


def ratchet(key, next_step):
    return expand(key, "ratchet/v1", u32(next_step))


def pair_seed(key, ctx_round):
    return expand(key, "pair-seed/v1", ctx_round)


def share_key(key, sender, receiver, ctx_round, upload_nonce):
    return expand(key, "share/v1", u16(sender), u16(receiver), ctx_round, upload_nonce)


def noise_key(rho):
    return expand(rho, "noise/v1")


def attempt_secret(rho, ctx_round):
    return expand(rho, "attempt/v1", ctx_round)


def self_seed(mu):
    return expand(mu, "self-seed/v1")


def upload_nonce(mu):
    return expand(mu, "upload-nonce/v1")


def coefficient_key(mu, kind, lo, hi):
    return expand(mu, "shamir/v1", u8(kind), u16(lo), u16(hi))


def input_tag(rho, frame, words):
    return hmac_sha256(expand(rho, "input/v1"), enc("input/v1", u32(frame), words_to_bytes(words)))


def check_key(ctx_round):
    return H("check/v1", ctx_round)


def prg_key(seed, ctx_round, frame):
    return expand(seed, "prg/v1", ctx_round, u32(frame))


SELF_SEED, PAIR_SEED = 0, 1


def commitment(ctx_round, kind, lo, hi, secret):
    return H("commit/v1", ctx_round, u8(kind), u16(lo), u16(hi), secret)


def box(key, ctx_round, sender, receiver, shares):
    associated = enc("box/v1", ctx_round, u16(sender), u16(receiver))
    return aes.gcm_encrypt(key, bytes(12), associated, b"".join(shares))


def seal(channel_key, kind, sender, receiver, ctx_round, plaintext):
    ends = u16(sender), u16(receiver)
    tag = hmac_sha256(
        expand(channel_key, "seal-tag/v1"), enc(kind, *ends, ctx_round, plaintext)
    )
    key = expand(channel_key, "seal/v1", kind.encode("utf-8"), *ends, ctx_round, tag)
    associated = enc(kind, ctx_round, *ends)
    return tag + aes.gcm_encrypt(key, bytes(12), associated, plaintext)


def result_digest(salt, frames):
    """frames: data words of every frame, unsigned."""
    digests = [
        H("result-frame/v1", salt, u32(f), words_to_bytes(words)) for f, words in enumerate(frames)
    ]
    return H("result/v1", salt, list_field(digests))


def transcript_hash(ctx_round, sites, contributors, uploads, opened, result):
    return H(
        "transcript/v1",
        ctx_round,
        bitmap(sites, contributors),
        list_field(uploads),
        H("opened/v1", *opened),
        result,
    )


# ---- 2.5 Frames and check element --------------------------------------------------------------


def words_to_bytes(words):
    return b"".join((w % 2**64).to_bytes(8, "little") for w in words)


def bytes_to_words(data):
    return [int.from_bytes(data[at : at + 8], "little") for at in range(0, len(data), 8)]


def keystream_words(key, first, count):
    """Words first .. first + count - 1; word w is keystream bytes 8w .. 8w + 7."""
    first_block, last_block = first // 2, (first + count + 1) // 2
    words = bytes_to_words(aes.ctr_keystream(key, first_block, last_block - first_block))
    return words[first % 2 : first % 2 + count]


class Frame:
    """Elements of one frame as integers: wide, then narrow, then padding, then the check."""

    def __init__(self, wide, narrow):
        self.wide, self.narrow = list(wide), list(narrow)

    def data_words(self):
        words = []
        for value in self.wide:
            words += [value % 2**64, value // 2**64 % 2**64]
        return words + [value % 2**64 for value in self.narrow]

    def check(self, chk_key, ctx_round, frame):
        """Sum of a_j x_j modulo 2^128, a_j the word at the element's low word."""
        key = prg_key(chk_key, ctx_round, frame)
        factors = keystream_words(key, 0, 2 * len(self.wide) + len(self.narrow))
        total = sum(factors[2 * i] * x for i, x in enumerate(self.wide))
        total += sum(factors[2 * len(self.wide) + i] * x for i, x in enumerate(self.narrow))
        return total % 2**128


def mask(frame_data, ctx_round, frame, own, own_seed, pair_seeds):
    """Masked words; pair_seeds maps a peer's index to its seed."""
    chk = frame_data.check(check_key(ctx_round), ctx_round, frame)
    padding = [0] * (len(frame_data.narrow) % 2)
    wide, narrow = frame_data.wide + [], frame_data.narrow + padding
    total = 2 * len(wide) + len(narrow) + 2
    signed = [(+1, own_seed)] + [
        (+1 if v > own else -1, seed) for v, seed in sorted(pair_seeds.items())
    ]
    for sign, seed in signed:
        stream = keystream_words(prg_key(seed, ctx_round, frame), 0, total)
        for i in range(len(wide)):
            wide[i] += sign * (stream[2 * i] + 2**64 * stream[2 * i + 1])
        for i in range(len(narrow)):
            narrow[i] += sign * stream[2 * len(wide) + i]
        chk += sign * (stream[total - 2] + 2**64 * stream[total - 1])
    return Frame(wide, narrow).data_words() + [chk % 2**64, chk // 2**64 % 2**64]


# ---- 2.6 Shamir --------------------------------------------------------------------------------

FIELD = 2**61 - 1
LIMB_BITS = [52, 52, 52, 52, 48]


def limbs(secret):
    value = int.from_bytes(secret, "little")
    out = []
    for bits in LIMB_BITS:
        out.append(value % 2**bits)
        value >>= bits
    return out


def coefficients(key, count):
    """count values below p, the low 61 bits of consecutive words, p itself skipped."""
    out, at = [], 0
    while len(out) < count:
        value = keystream_words(key, at, 1)[0] % 2**61
        at += 1
        if value != FIELD:
            out.append(value)
    return out


def deal(secret, threshold, sites, key):
    """The share of every index, 40 bytes each."""
    stream = coefficients(key, len(LIMB_BITS) * (threshold - 1))
    shares = [b""] * sites
    for number, limb in enumerate(limbs(secret)):
        polynomial = [limb] + stream[number * (threshold - 1) : (number + 1) * (threshold - 1)]
        for i in range(sites):
            value = sum(c * (i + 1) ** degree for degree, c in enumerate(polynomial)) % FIELD
            shares[i] += value.to_bytes(8, "little")
    return shares


def interpolate(shares):
    """The five values at x = 0; shares maps an index to 40 bytes."""
    out = []
    for limb in range(len(LIMB_BITS)):
        total = 0
        for i, share in shares.items():
            weight = 1
            for j in shares:
                if j != i:
                    weight = weight * (j + 1) * pow(j - i, FIELD - 2, FIELD) % FIELD
            total += weight * int.from_bytes(share[8 * limb : 8 * limb + 8], "little")
        out.append(total % FIELD)
    return out


def rebuild(shares):
    """The secret, or None if a limb is out of range."""
    value, shift = 0, 0
    for limb, bits in zip(interpolate(shares), LIMB_BITS):
        if limb >= 2**bits:
            return None
        value |= limb << shift
        shift += bits
    return value.to_bytes(32, "little")
