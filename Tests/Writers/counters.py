"""Adds 1 to pickled counters in score's table kvcache, many times, beside others that do the same.

counters.py FILE COUNT SESSIONS SEED; makes the table if COUNT is 0.
"""
import pickle
import random
import sqlite3
import sys

path, count, sessions, seed = sys.argv[1], *map(int, sys.argv[2:])
database = sqlite3.connect(path, timeout=60, isolation_level=None)
if count == 0:
    database.execute(
        "CREATE TABLE kvcache (container TEXT, key TEXT, value BLOB, expire REAL, PRIMARY KEY (container, key))")
choice = random.Random(seed)
acknowledged = runs = 0
while acknowledged < count:
    key = f"s{choice.randrange(sessions)}"
    runs += 1
    try:
        database.execute("BEGIN IMMEDIATE")
        row = database.execute(
            "SELECT value FROM kvcache WHERE container = 'score.session' AND key = ?", (key,)).fetchone()
        session = pickle.loads(row[0]) if row else {"n": 0}
        session["n"] += 1
        database.execute(
            "INSERT OR REPLACE INTO kvcache VALUES ('score.session', ?, ?, 253402300799.0)",
            (key, pickle.dumps(session)))
        database.execute("COMMIT")
        acknowledged += 1
    except sqlite3.OperationalError:
        if database.in_transaction:
            database.execute("ROLLBACK")
print("acknowledged", acknowledged, "runs", runs)
