"""A second, slow implementation of TRIB-SA-1 (PROTOCOL.md 2), to make test vectors with.

Standard library only, integers throughout, no regard for timing: never to be used with real keys.
It shares no code with the engine and was written from PROTOCOL.md, so that an agreement of the two
says something.
"""
