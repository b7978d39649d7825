"""A stand-in for psycopg 3 where it is not installed: what examples/producers needs of it, with the standard library alone.

It speaks the extended query protocol, with parameters of unknown type, as psycopg does, to a server that asks for no password.
"""

import re
import socket
import struct
from urllib.parse import unquote, urlsplit


class Error(Exception):
    pass


def connect(url):
    return Connection(url)


class Cursor:
    def __init__(self, rows):
        self.rows = rows

    def fetchone(self):
        return self.rows.pop(0) if self.rows else None


class Connection:
    def __init__(self, url):
        parts = urlsplit(url)
        user = unquote(parts.username or "postgres")
        self.socket = socket.create_connection((parts.hostname, parts.port or 5432), timeout=20)
        self.stream = self.socket.makefile("rb")
        names = {"user": user, "database": parts.path.lstrip("/") or user, "client_encoding": "UTF8"}
        body = b"".join(text(name) + text(value) for name, value in names.items()) + b"\0"
        self.socket.sendall(struct.pack("!II", len(body) + 8, 196608) + body)
        self.answers()
        self.begun = False

    def execute(self, sql, params=()):
        if not self.begun:
            self.begun = True
            self.ask("BEGIN", ())
        places = iter(range(1, len(params) + 1))
        return Cursor(self.ask(re.sub("%s", lambda _: f"${next(places)}", sql), params))

    def ask(self, sql, params):
        values = b"".join(struct.pack("!I", len(value)) + value for value in map(str.encode, params))
        bind = b"\0\0" + struct.pack("!HH", 0, len(params)) + values + struct.pack("!H", 0)
        self.send(b"P", b"\0" + text(sql) + struct.pack("!H", 0))
        self.send(b"B", bind)
        self.send(b"D", b"P\0")
        self.send(b"E", b"\0" + struct.pack("!I", 0))
        self.send(b"S", b"")
        return self.answers()

    def send(self, letter, body):
        self.socket.sendall(letter + struct.pack("!I", len(body) + 4) + body)

    def answers(self):
        """Reads until the server is ready; gives the rows."""
        types, rows, error = [], [], None
        while True:
            letter, length = struct.unpack("!cI", self.stream.read(5))
            body = self.stream.read(length - 4)
            if letter == b"R" and struct.unpack("!I", body[:4])[0] != 0:
                raise Error("this server asks for a password: install psycopg")
            if letter == b"T":
                types = column_types(body)
            if letter == b"D":
                rows.append(values_of(body, types))
            if letter == b"E":
                error = dict((part[:1], part[1:].decode()) for part in body.split(b"\0") if part)
            if letter == b"Z":
                break
        if error is not None:
            raise Error(error[b"M"])
        return rows

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if self.begun:
            self.ask("ROLLBACK" if kind else "COMMIT", ())
        self.socket.close()


def text(value):
    return value.encode() + b"\0"


def column_types(body):
    types, at = [], 2
    for _ in range(struct.unpack("!H", body[:2])[0]):
        at = body.index(b"\0", at) + 1
        types.append(struct.unpack("!I", body[at + 6 : at + 10])[0])
        at += 18
    return types


def values_of(body, types):
    values, at = [], 2
    for kind in types:
        (length,) = struct.unpack("!i", body[at : at + 4])
        at += 4
        value = None if length < 0 else body[at : at + length].decode()
        values.append(int(value) if value is not None and kind in (20, 21, 23) else value)
        at += max(length, 0)
    return tuple(values)
