"""Wrapped payloads, for the tests of the wrappers.

    python3 write.py > python.tsv

Each line: how it is wrapped, the payload in hexadecimal, and the value inside in Tidemark's text notation.
"""
import base64
import gzip
import json
import pickle
import zlib

session = {"user": "jdoe", "items": ["article %d" % n for n in range(40)]}
text = json.dumps(session, separators=(",", ":")).encode()
expected = json.dumps(session)


def line(name, payload):
    print("%s\t%s\t%s" % (name, payload.hex(), expected))


for level in range(10):
    line("json in zlib", zlib.compress(text, level))
for bits in (9, 12, 15):
    compressor = zlib.compressobj(6, zlib.DEFLATED, bits)
    line("json in zlib", compressor.compress(text) + compressor.flush())
for level in (1, 6, 9):
    line("json in gzip", gzip.compress(text, level, mtime=1700000000))
line("json in base64", base64.b64encode(text))
line("json in base64", base64.urlsafe_b64encode(b'{"user":"jdoe","items":' + json.dumps(session["items"]).encode() + b"}"))
line("json in base64", base64.encodebytes(text))
line("json in base64", base64.b64encode(text).rstrip(b"="))
# Beaker: pickles in base64, or JSON in zlib in base64.
line("pickle in base64", base64.b64encode(pickle.dumps(session, 2)))
line("json in zlib in base64", base64.b64encode(zlib.compress(text)))
line("pickle in zlib", zlib.compress(pickle.dumps(session, 4)))
