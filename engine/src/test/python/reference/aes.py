"""AES-256 (FIPS 197), counter mode (SP 800-38A) and Galois/counter mode (SP 800-38D)."""


def _multiply(a, b):
    """Product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a = (a << 1) ^ (0x11B if a & 0x80 else 0)
        b >>= 1
    return product


def _make_sbox():
    sbox = []
    for x in range(256):
        inverse = next((y for y in range(256) if _multiply(x, y) == 1), 0)
        value = 0x63
        for shift in range(5):
            value ^= ((inverse << shift) | (inverse >> (8 - shift))) & 0xFF
        sbox.append(value)
    return sbox


_SBOX = _make_sbox()
_TWICE = [_multiply(x, 2) for x in range(256)]
_ROUNDS = 14


def expand_key(key):
    """The 15 round keys of 16 bytes of a 32-byte key."""
    assert len(key) == 32
    words = [list(key[4 * i : 4 * i + 4]) for i in range(8)]
    rcon = 1
    for i in range(8, 4 * (_ROUNDS + 1)):
        word = list(words[i - 1])
        if i % 8 == 0:
            word = [_SBOX[b] for b in word[1:] + word[:1]]
            word[0] ^= rcon
            rcon = _multiply(rcon, 2)
        elif i % 8 == 4:
            word = [_SBOX[b] for b in word]
        words.append([a ^ b for a, b in zip(words[i - 8], word)])
    return [sum(words[4 * r : 4 * r + 4], []) for r in range(_ROUNDS + 1)]


def encrypt_block(round_keys, block):
    state = [a ^ b for a, b in zip(block, round_keys[0])]
    for r in range(1, _ROUNDS + 1):
        state = [_SBOX[b] for b in state]
        # Row i of the column-major state is rotated left by i.
        state = [state[(4 * (column + row) + row) % 16] for column in range(4) for row in range(4)]
        if r < _ROUNDS:
            mixed = []
            for column in range(4):
                a = state[4 * column : 4 * column + 4]
                every = a[0] ^ a[1] ^ a[2] ^ a[3]
                mixed += [a[i] ^ every ^ _TWICE[a[i] ^ a[(i + 1) % 4]] for i in range(4)]
            state = mixed
        state = [a ^ b for a, b in zip(state, round_keys[r])]
    return bytes(state)


def ctr_keystream(key, first_block, blocks, initial_counter=0):
    """Keystream blocks first_block .. first_block + blocks - 1, counter from initial_counter."""
    round_keys = expand_key(key)
    return b"".join(
        encrypt_block(round_keys, ((initial_counter + i) % 2**128).to_bytes(16, "big"))
        for i in range(first_block, first_block + blocks)
    )


def _ghash_multiply(x, y):
    """Product in GF(2^128) with GCM's reflected bits."""
    product = 0
    for i in range(127, -1, -1):
        if (x >> i) & 1:
            product ^= y
        y = (y >> 1) ^ (0xE1 << 120 if y & 1 else 0)
    return product


def _ghash(h, associated, ciphertext):
    def padded(data):
        return data + bytes(-len(data) % 16)

    lengths = (8 * len(associated)).to_bytes(8, "big") + (8 * len(ciphertext)).to_bytes(8, "big")
    data = padded(associated) + padded(ciphertext) + lengths
    state = 0
    for at in range(0, len(data), 16):
        state = _ghash_multiply(state ^ int.from_bytes(data[at : at + 16], "big"), h)
    return state.to_bytes(16, "big")


def _xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b))


def gcm_encrypt(key, nonce, associated, plaintext):
    """Ciphertext followed by the 16-byte tag; nonce of 12 bytes."""
    assert len(nonce) == 12
    round_keys = expand_key(key)
    h = int.from_bytes(encrypt_block(round_keys, bytes(16)), "big")
    start = int.from_bytes(nonce + b"\x00\x00\x00\x01", "big")
    blocks = (len(plaintext) + 15) // 16
    ciphertext = _xor(plaintext, ctr_keystream(key, 1, blocks, start))
    tag = _xor(_ghash(h, associated, ciphertext), ctr_keystream(key, 0, 1, start))
    return ciphertext + tag
