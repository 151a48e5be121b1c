"""Random objects of Python, for tests that run where a Python is.

    python3 random_pickles.py write PROTOCOL COUNT SEED     lines as write.py prints them
    python3 random_pickles.py read < LINES                  a pickle in hexadecimal a line -> the values it loads as

Runs on Python 2.7 and 3. Objects share parts with each other, so that pickles ask their memo.
"""
from __future__ import print_function

import binascii
import collections
import datetime
import decimal
import pickle
import random
import sys
import uuid

from write import PY2, Cart, Customer, notation, text_type


class Maker(object):
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.texts = [u"user", u"cart", u"", u"Gr\u00fc\u00dfe", u"a\nb\\u0041", u"x" * 300, u"\U0001f6d2"]
        self.byte_strings = [b"", b"key", b"it's \"\x00\xff", b"y" * 300]

    def text(self):
        if self.random.random() < 0.6:
            # The same object again, as constants of a program are.
            return self.random.choice(self.texts)
        return u"".join(self.random.choice(u"abc\u00e9\u6f22\n\\'\"") for _ in range(self.random.randrange(6)))

    def whole(self):
        if self.random.random() < 0.3:
            return self.random.choice([0, 255, 256, 65536, 2**31, -2**31 - 1, 2**63 - 1, -2**63, 2**64, -2**90])
        return self.random.randrange(-300, 300)

    def key(self):
        return self.random.choice([
            self.text, self.text, self.text, self.whole, lambda: self.random.choice(self.byte_strings),
            lambda: (self.whole(), self.text()), lambda: datetime.date(2024, 2, self.random.randrange(1, 29)),
        ])()

    def leaf(self):
        return self.random.choice([
            lambda: None, lambda: True, lambda: False, self.whole, self.text, self.text,
            lambda: self.random.choice(self.byte_strings), lambda: bytearray(b"\x00ab"),
            lambda: self.random.choice([0.0, -1.5, 1e300, float("inf"), self.random.random()]),
            lambda: datetime.datetime(2024, 1, self.random.randrange(1, 29), 3, 4, 5, self.random.randrange(10**6)),
            lambda: datetime.time(23, 59), lambda: datetime.timedelta(self.random.randrange(-9, 9), 7),
            lambda: decimal.Decimal(self.random.randrange(10**6)) / 100,
            lambda: uuid.UUID(int=self.random.getrandbits(128)),
            lambda: set(self.key() for _ in range(self.random.randrange(4))),
            lambda: frozenset(self.key() for _ in range(self.random.randrange(4))),
        ])()

    def values(self, depth):
        return [self.value(depth - 1) for _ in range(self.random.randrange(5))]

    def items(self, depth):
        return [(self.key(), self.value(depth - 1)) for _ in range(self.random.randrange(5))]

    def value(self, depth=3):
        if depth == 0 or self.random.random() < 0.3:
            return self.leaf()
        return self.random.choice([
            lambda: dict(self.items(depth)), lambda: dict(self.items(depth)), lambda: self.values(depth),
            lambda: tuple(self.values(depth)), lambda: collections.OrderedDict(self.items(depth)),
            lambda: collections.defaultdict(list, self.items(depth)), lambda: Cart(self.items(depth)),
            lambda: Customer(self.text(), self.values(depth)),
        ])()


def main(arguments):
    if arguments[0] == "write":
        protocol, count, seed = (int(argument) for argument in arguments[1:])
        maker = Maker(seed)
        for number in range(count):
            value = {u"session": maker.value(), u"number": number}
            pickled = binascii.hexlify(pickle.dumps(value, protocol)).decode()
            print("random %d\t%s\t%s" % (protocol, pickled, notation(value)))
    else:
        for line in sys.stdin:
            print(notation(pickle.loads(binascii.unhexlify(line.strip()))))


main(sys.argv[1:])
