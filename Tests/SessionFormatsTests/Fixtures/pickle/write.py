"""Pickles of Python's own types, for the tests of the pickle format.

    python3 write.py > python3.tsv          python2.7 write.py > python2.tsv

Each line: the pickler and protocol, the pickle in hexadecimal, and the value in Tidemark's text notation. The notation is
printed from the objects, not from the pickles; runs on Python 2.7 and 3.
"""
from __future__ import print_function

import binascii
import collections
import datetime
import decimal
import json
import pickle
import sys
import uuid

PY2 = sys.version_info[0] == 2
if PY2:
    import cPickle
    text_type, whole = unicode, (int, long)
else:
    text_type, whole = str, (int,)


class Cart(dict):
    """A dict with a name of its own."""


class Customer(object):
    """An instance with attributes."""

    def __init__(self, name, orders):
        self.name = name
        self.orders = orders


def quoted_bytes(data):
    return 'b"' + "".join("\\x%02x" % byte for byte in bytearray(data)) + '"'


def quoted(text):
    return json.dumps(text)


def call(name, inner):
    return 'object("%s", %s)' % (name, inner)


def sequence(values):
    return ", ".join(notation(value) for value in values)


def mapping(items):
    return "{" + ", ".join(notation(key) + ": " + notation(value) for key, value in items) + "}"


def key_of_attribute(name):
    return name if PY2 else text_type(name)


def notation(value):
    kind = type(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind in whole:
        return "%d" % value
    if kind is float:
        if value != value:
            return 'double("nan")'
        if value in (float("inf"), float("-inf")):
            return 'double("%s")' % value
        return repr(value)
    if kind is text_type:
        return quoted(value)
    if kind is bytes:
        return quoted_bytes(value)
    if kind is bytearray:
        return call("builtins.bytearray", quoted_bytes(bytes(value)))
    if kind is list:
        return "[" + sequence(value) + "]"
    if kind is tuple:
        return "tuple(" + sequence(value) + ")"
    if kind is set:
        return "set(" + sequence(value) + ")"
    if kind is frozenset:
        return call("builtins.frozenset", "set(" + sequence(value) + ")")
    if kind is dict:
        return mapping(value.items())
    if kind is collections.OrderedDict:
        return call("collections.OrderedDict", mapping(value.items()))
    if kind is collections.defaultdict:
        return call("collections.defaultdict", mapping(value.items()))
    if kind is datetime.timedelta:
        return call("datetime.timedelta", "tuple(%d, %d, %d)" % (value.days, value.seconds, value.microseconds))
    if kind in (datetime.date, datetime.time, datetime.datetime):
        return call("datetime." + kind.__name__, quoted(value.isoformat()))
    if kind is decimal.Decimal:
        return call("decimal.Decimal", quoted(str(value)))
    if kind is uuid.UUID:
        return call("uuid.UUID", quoted(str(value)))
    if kind is Cart:
        return call("shop.Cart", mapping(value.items()))
    if kind is Customer:
        return call("shop.Customer", mapping((key_of_attribute(k), v) for k, v in value.__dict__.items()))
    raise TypeError(kind)


def values():
    yield None
    yield [True, False]
    yield [0, 1, 255, 256, 65535, 65536, 2**31 - 1, -1, -2**31, 2**31, 2**63 - 1, -2**63, 2**63, -2**200, 2**2000]
    yield [0.0, -0.0, 0.1, 1e300, -1.5e-7, float("inf"), float("-inf"), abs(float("nan"))]
    yield [u"", u"cart", u"Gr\u00fc\u00dfe \u6f22\u5b57", u"line\nfeed\rtab\t\\u0041 \\ \u0000\u001a", u"\U0001f6d2"]
    yield [b"", b"cart", b"it's", b'"both\' \\ \n\r\t', bytes(bytearray(range(256)))]
    yield [bytearray(b""), bytearray(b"\x00\xffcart")]
    yield [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), [], {}, [[]], ({},)]
    yield [set(), {1}, {1, 2, 3}, frozenset(), frozenset([1, 2])]
    yield {u"user": u"jdoe", b"bytes": 1, 7: u"seven", (1, u"a"): [1.5], None: True}
    yield [datetime.date(2024, 2, 29), datetime.time(23, 59, 59, 123456), datetime.time(0, 0)]
    yield [datetime.datetime(2024, 1, 2, 3, 4, 5), datetime.datetime(9999, 12, 31, 23, 59, 59, 999999)]
    yield [datetime.timedelta(1, 2, 3), datetime.timedelta(-5)]
    if not PY2:
        for zone in (datetime.timezone.utc, datetime.timezone(datetime.timedelta(hours=-5, minutes=-30))):
            yield [datetime.datetime(2024, 1, 2, 3, 4, 5, 6, tzinfo=zone), datetime.time(1, 2, tzinfo=zone)]
    yield [decimal.Decimal("1.50"), decimal.Decimal("-1E+9"), decimal.Decimal("NaN")]
    yield uuid.UUID("00112233-4455-6677-8899-aabbccddeeff")
    yield collections.OrderedDict([(u"b", 1), (u"a", [2])])
    yield collections.defaultdict(list, {u"a": [1]})
    yield [Cart(), Cart({u"pear": 2, u"fig": 1})]
    yield [Customer(u"Ann", [1, 2]), Customer(u"Bob", {})]


def large_values():
    """More than one batch of items, more than one frame (protocols 4 and 5); in the newest protocol only, for their size."""
    yield dict((u"k%d" % number, number) for number in range(1001))
    yield list(range(1001))
    if not PY2:
        yield {u"large": u"x" * 70000, u"next": [1, 2]}


Cart.__module__ = Customer.__module__ = "shop"
sys.modules["shop"] = sys.modules[__name__]


def main():
    picklers = [("pickle", pickle)] + ([("cPickle", cPickle)] if PY2 else [])
    for name, pickler in picklers:
        newest = 2 if PY2 else 5
        for protocol in range(newest + 1):
            for value in list(values()) + (list(large_values()) if protocol == newest else []):
                data = pickler.dumps(value, protocol)
                line = "%s %d\t%s\t%s" % (name, protocol, binascii.hexlify(data).decode(), notation(value))
                print(line)


if __name__ == "__main__":
    main()
