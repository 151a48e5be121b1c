"""Stores a session with every installed writer, and prints the records as memcached then holds them.

    python3 records.py PORT > ../SessionFormatsTests/Fixtures/records/records.tsv

Each line: the writer, the profile that Tidemark should find, the key, the client flags, the stored bytes in hexadecimal, and
the session in Tidemark's text notation. A line for each lock that PHP holds while a session is open stands at the end.
"""
import json
import os
import socket
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def stored(port, key):
    connection = socket.create_connection(("127.0.0.1", port))
    stream = connection.makefile("rwb")
    stream.write(b"gets " + key.encode() + b"\r\n")
    stream.flush()
    words = stream.readline().split()
    data = stream.read(int(words[3])) if words[0] == b"VALUE" else None
    connection.close()
    return (words[2].decode(), data.hex()) if data is not None else None


def main(port):
    live = [sys.executable, "-B", os.path.join(HERE, "live.py")]
    for line in subprocess.run(live + ["list"], stdout=subprocess.PIPE, check=True, text=True).stdout.splitlines():
        case = json.loads(line)
        written = subprocess.run(
            live + ["write", case["writer"], str(port)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
            text=True).stdout.split()
        flags, payload = stored(port, written[0])
        print("\t".join([case["writer"], case["profile"], written[0], flags, payload, case["before"]]))
    for extension in ("memcached", "memcache"):
        text = subprocess.run(
            ["php", os.path.join(HERE, "php_lock.php"), extension, str(port)], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True).stdout.split()
        if len(text) == 3:
            print("\t".join(["php-%s lock" % extension, "other", text[0], text[1], text[2], '"lock"']))


main(int(sys.argv[1]))
