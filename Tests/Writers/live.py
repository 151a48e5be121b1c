"""Writes sessions with the libraries of real applications, and reads them back with the same libraries.

    python3 live.py list                    the writers that are installed, a JSON object a line
    python3 live.py write WRITER PORT       stores a session; prints its key and its id
    python3 live.py read WRITER PORT ID     prints what the library now holds, in Tidemark's text notation

`list` says for each writer the profile that Tidemark should find, the edit to make, and what `read` must print before and
after it. PHP's writers are in php_writer.php.
"""
import importlib.util
import json
import os
import subprocess
import sys

import python_writers
import sessions
from notation import notation

HERE = os.path.dirname(os.path.abspath(__file__))
MODULES = {
    "django-pymemcache": ["django", "pymemcache"], "django-pylibmc": ["django", "pylibmc"],
    "django-cached-db": ["django", "pymemcache"], "flask-msgpack": ["flask_session", "pymemcache"],
    "flask-json": ["flask_session", "pymemcache"], "beaker-pickle": ["beaker", "memcache"],
    "beaker-json": ["beaker", "memcache"], "pymemcache": ["pymemcache"], "pymemcache-compressed": ["pymemcache"],
    "pylibmc-compressed": ["pylibmc"], "python-memcached": ["memcache"],
}
PHP_WRITERS = {
    "php-memcached": ("memcached", "php-memcached", False), "php-memcached-serialize": ("memcached", "php-memcached", False),
    "php-memcached-msgpack": ("memcached", "php-memcached", False), "php-memcache": ("memcache", "plain", False),
    "symfony": ("memcached", "symfony", True), "laravel": ("memcached", "laravel", True),
}


def php(*arguments):
    return subprocess.run(
        ["php", os.path.join(HERE, "php_writer.php"), *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        check=True, text=True).stdout.strip()


def php_extensions():
    try:
        found = subprocess.run(["php", "-m"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout.split()
    except OSError:
        return []
    return found


def describe(name, profile, session):
    print(json.dumps({
        "writer": name, "profile": profile, "pointer": sessions.POINTER, "value": sessions.VALUE,
        "before": notation(session), "after": notation(sessions.edited(session))}))


def main(arguments):
    task = arguments[0]
    writers = {writer.name: writer for writer in python_writers.WRITERS}
    if task == "list":
        for writer in writers.values():
            if all(importlib.util.find_spec(module) for module in MODULES[writer.name]):
                describe(writer.name, writer.profile, writer.session)
        extensions = php_extensions()
        for name, (extension, profile, is_long) in PHP_WRITERS.items():
            if extension in extensions and ("msgpack" not in name or "msgpack" in extensions):
                describe(name, profile, sessions.long() if is_long else sessions.plain())
    elif arguments[1] in PHP_WRITERS:
        print(php(task, arguments[2], arguments[1], *arguments[3:]))
    elif task == "write":
        print(*writers[arguments[1]].write(int(arguments[2])))
    else:
        print(notation(dict(writers[arguments[1]].read(int(arguments[2]), arguments[3]))))


main(sys.argv[1:])
