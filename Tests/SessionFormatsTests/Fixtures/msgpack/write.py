"""Values as msgpack-python packs them, for the tests of the MessagePack format; needs the package `msgpack`.

    python3 write.py > msgpack.tsv

Each line: the packer, the payload in hexadecimal, and the value in Tidemark's text notation, printed from the value.
"""
import datetime
import json

import msgpack


def notation(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if value != value:
            return 'double("nan")'
        return 'double("%s")' % value if value in (float("inf"), float("-inf")) else repr(value)
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, bytes):
        return 'b"' + "".join("\\x%02x" % byte for byte in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(notation, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(notation(k) + ": " + notation(v) for k, v in value.items()) + "}"
    if isinstance(value, msgpack.ExtType):
        return 'object("ext %d", %s)' % (value.code, notation(value.data))
    if isinstance(value, datetime.datetime):
        text = value.strftime("%Y-%m-%dT%H:%M:%S")
        text = text.rjust(19, "0")
        fraction = ("%06d" % value.microsecond).rstrip("0")
        return 'object("timestamp", "%s")' % (text + ("." + fraction if fraction else "") + "Z")
    raise TypeError(type(value))


def times():
    utc = datetime.timezone.utc
    yield datetime.datetime(1970, 1, 1, tzinfo=utc)
    yield datetime.datetime(2024, 2, 29, 12, 30, 0, 500000, tzinfo=utc)
    yield datetime.datetime(2106, 2, 7, 6, 28, 16, tzinfo=utc)
    yield datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=utc)
    yield datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=utc)
    yield datetime.datetime(1600, 3, 1, tzinfo=utc)


def values():
    yield [None, True, False]
    yield [0, 127, 128, 255, 256, 65535, 65536, 2**32 - 1, 2**32, 2**63 - 1, 2**63, 2**64 - 1]
    yield [-1, -32, -33, -128, -129, -32768, -32769, -2**31, -2**31 - 1, -2**63]
    yield [0.0, -0.0, 0.1, 1e300, float("inf"), float("-inf"), float("nan")]
    yield ["", "a" * 31, "a" * 32, "a" * 255, "a" * 256, "Gr\u00fc\u00dfe \u6f22\u5b57 \U0001f6d2"]
    yield [b"", b"\x00\xff", b"a" * 256]
    yield [list(range(15)), list(range(16))]
    yield {"a": 1, "b": {"c": [1, {}]}, 5: "number", b"k": "bytes"}
    yield {str(n): n for n in range(16)}
    yield {n: n for n in range(300)}
    yield [msgpack.ExtType(5, b"x" * n) for n in (0, 1, 2, 3, 4, 8, 16, 17, 256)]
    yield list(times())
    yield {"_permanent": True, "user": "jdoe", "cart": [{"sku": "A1", "count": 2}]}


for value in values():
    packed = msgpack.packb(value, use_bin_type=True, datetime=True)
    print("msgpack\t%s\t%s" % (packed.hex(), notation(value)))
# Single precision, which the packer writes for all numbers or none.
print("msgpack\t%s\t%s" % (msgpack.packb([0.5, -1.25], use_single_float=True).hex(), "[0.5, -1.25]"))
