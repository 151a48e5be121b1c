"""What each writer stores, and the edit that is made to it."""
import copy
import datetime
import decimal


def rich():
    """For writers that keep any value of Python."""
    return {
        "user": "jdoe", "cart": [{"sku": "A1", "count": 2}], "since": datetime.datetime(2026, 1, 2, 3, 4, 5),
        "total": decimal.Decimal("9.50"), "place": (52.5, 13.4), "note": "Gr\u00fc\u00dfe",
    }


def plain():
    """For writers that keep what JSON can say."""
    return {"user": "jdoe", "cart": [{"sku": "A1", "count": 2}], "note": "Gr\u00fc\u00dfe", "total": 9.5, "staff": False}


def long():
    """So much that writers compress it."""
    return dict(plain(), history=["article number %d" % number for number in range(200)])


# The edit: a pointer, and the value in the notation.
POINTER, VALUE = "/cart/0/count", "5"


def edited(session):
    session = copy.deepcopy(session)
    session["cart"][0]["count"] = 5
    return session
