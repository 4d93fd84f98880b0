"""Answers of portals that are broken, in somebody's way, or out for harm: each as bytes on a real socket."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import TYPE_CHECKING

from tests.wrong_portals import answers, cuts_off, drips, hangs, shows_a_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.wrong_portals import Answer, Call

MIB = 1024 * 1024
DEPTH = 100_000
# 100 MiB of zeros, packed by brotli's own compressor into 93 bytes.
_BROTLI_BOMB = base64.b64decode(
    "z///f/gnAOKxQCD3/p/////wTwDEYQGA7v0/////4Z8AiMMiAN37f/7//8M/ARCHBQC69/"
    "/8//+HfwIgDgsAdO//+f//D/8EQBwWAOje/+f//w/+CYA4LADQvf8B"
)
_PAGE = b"<!DOCTYPE html><html><head><title>Log in</title></head><body><form>...</form></body></html>"


def sends(*pieces: bytes) -> Answer:
    """Bytes as they are, and the end of the connection."""

    def answer(call: Call) -> None:
        for piece in pieces:
            call.wfile.write(piece)
        call.wfile.flush()
        call.close_connection = True

    return answer


def sends_on(head: bytes, piece: Callable[[int], bytes], pause: float = 0.0) -> Answer:
    """A beginning, and pieces without end."""

    def answer(call: Call) -> None:
        call.wfile.write(head)
        number = 0
        while not call.server.closing.wait(pause):
            call.wfile.write(piece(number))
            call.wfile.flush()
            number += 1

    return answer


def sends_and_hangs(head: bytes) -> Answer:
    def answer(call: Call) -> None:
        call.wfile.write(head)
        call.wfile.flush()
        hangs(call)

    return answer


def _head(media_type: str, *lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", f"Content-Type: {media_type}", *lines, "", ""]).encode()


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _zeros(packer: zlib._Compress, size: int) -> bytes:
    return b"".join(packer.compress(bytes(MIB)) for _ in range(size // MIB)) + packer.flush()


def _gzip_bomb() -> bytes:
    return _zeros(zlib.compressobj(9, wbits=31), 1024 * MIB)


_GZIP_BOMB = _gzip_bomb()


def wire(media_type: str) -> Mapping[str, Answer]:
    """Conversations that are no HTTP, never end, or are too much: no answer comes of any."""
    head = _head(media_type)
    return {
        "hangs before the answer": hangs,
        "hangs in the headers": sends_and_hangs(b"HTTP/1.1 200 OK\r\nContent-"),
        "hangs in the body": sends_and_hangs(_head(media_type, "Content-Length: 1000") + b"{"),
        "a byte a second": sends_on(b"", lambda at: head[at % len(head)].to_bytes(1, "big"), 0.1),
        "a header a second": sends_on(head[:-2], lambda at: b"X-%d: 1\r\n" % at, 0.1),
        "a body byte a second": drips,
        "cut before the answer": cuts_off,
        "cut in the headers": sends(b"HTTP/1.1 200 OK\r\nContent-Ty"),
        "cut in the body": sends(_head(media_type, "Content-Length: 1000"), b'{"count": 1'),
        "cut in a chunk": sends(_head(media_type, "Transfer-Encoding: chunked"), b"ff\r\nabc"),
        "more is announced than comes": sends(_head(media_type, "Content-Length: 3"), b"{}"),
        "two lengths": sends(_head(media_type, "Content-Length: 2", "Content-Length: 3"), b"{} "),
        "a length that is no number": sends(_head(media_type, "Content-Length: two"), b"{}"),
        "endless chunks": sends_on(
            _head(media_type, "Transfer-Encoding: chunked"), lambda _: _chunk(b" " * MIB)
        ),
        "endless small chunks": sends_on(
            _head(media_type, "Transfer-Encoding: chunked"), lambda _: _chunk(b" "), 0.01
        ),
        "endless headers": sends_on(head[:-2], lambda at: b"X-%d: %s\r\n" % (at, b"x" * 1000)),
        "endless interim answers": sends_on(b"", lambda _: b"HTTP/1.1 100 Continue\r\n\r\n", 0.01),
        "100 MB": sends(_head(media_type, f"Content-Length: {100 * MIB}"), *[b" " * MIB] * 100),
        "a gzip bomb": answers(200, _GZIP_BOMB, Content_Type=media_type, Content_Encoding="gzip"),
        "gzip in gzip": answers(
            200,
            gzip.compress(_GZIP_BOMB),
            Content_Type=media_type,
            Content_Encoding="gzip, gzip",
        ),
        "a brotli bomb": answers(200, _BROTLI_BOMB, Content_Type=media_type, Content_Encoding="br"),
        "gzip that is none": answers(200, b"{}", Content_Type=media_type, Content_Encoding="gzip"),
        "gzip that is cut": answers(
            200, gzip.compress(b"{}" * 1000)[:-9], Content_Type=media_type, Content_Encoding="gzip"
        ),
        "another protocol": sends(b"220 mail.example ESMTP\r\n"),
        "HTTP/2": sends(b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + bytes(18)),
        "noise": sends(bytes(range(256)) * 64),
    }


def answered(media_type: str, body: bytes) -> Mapping[str, Answer]:
    """Answers of sound HTTP that are none of the API: there is an exchange, and nobody takes it for good.

    Args:
        media_type: what the API answers with.
        body: a sound answer to whatever is asked.
    """

    def says(content: bytes, **headers: str) -> Answer:
        return answers(200, content, **({"Content_Type": media_type} | headers))

    cookies = "\r\n".join(f"Set-Cookie: c{number}={number}; Path=/" for number in range(1000))
    return {
        "less is announced than comes": sends(_head(media_type, "Content-Length: 9"), body),
        "nothing": says(b""),
        "blanks": says(b" \r\n" * 1000),
        "no content": sends(b"HTTP/1.1 204 No Content\r\n\r\n"),
        "cut text": says(body[: len(body) // 2]),
        "invalid UTF-8": says(body.replace("ё".encode(), b"\xff\xfe")),
        "NUL": says(body.replace("ё".encode(), b"\x00")),
        "a wrong charset": says(body.decode().encode("cp1251"), Content_Type=f"{media_type}; charset=utf-8"),
        "JSON nested deep": says(b"[" * DEPTH + b"]" * DEPTH),
        "JSON objects nested deep": says(b'{"response":' * DEPTH + b"1" + b"}" * DEPTH),
        "XML nested deep": says(b"<response>" * DEPTH + b"</response>" * DEPTH),
        "much of little": says(_much_of_little(media_type)),
        "billion laughs": says(_billion_laughs()),
        "an external entity": says(_external_entity("file:///etc/passwd")),
        "an external DTD": says(b'<!DOCTYPE response SYSTEM "http://127.0.0.1:9/x.dtd"><response/>'),
        "an unknown charset": says(
            body.replace(b"1.0", b'1.0" encoding="klingon')
            if body.startswith(b"<")
            else body.decode().encode("utf-16"),
            Content_Type=f"{media_type}; charset=klingon",
        ),
        "a number of a million digits": says(b'{"response":{"id":' + b"9" * 1_000_000 + b"}}"),
        "not a number": says(b'{"response":{"id":NaN},"status":Infinity}'),
        "a redirect loop": answers(302, b"", Location="/"),
        "a redirect elsewhere": answers(307, b"", Location="http://169.254.169.254/latest/meta-data/"),
        "1,000 cookies": sends(_head("text/html", "Content-Length: 2", cookies), b"<a"),
        "a log-in page": answers(200, _PAGE, Content_Type="text/html; charset=utf-8"),
        "a log-in page that claims to be the API": says(_PAGE),
        "a captive portal": answers(511, _PAGE, Content_Type="text/html"),
        "a captive portal's redirect": answers(302, _PAGE, Location="http://login.hotel.example/?to=x"),
        "a page for every path": shows_a_page(404),
    }


def _much_of_little(media_type: str) -> bytes:
    """Not quite 4 MiB that take many times as much once they are parsed."""
    if media_type.endswith("json"):
        return b'{"response":[' + b"[]," * 1_390_000 + b"1]}"
    return b"<response>" + b"<a/>" * 1_040_000 + b"</response>"


def _billion_laughs() -> bytes:
    entities = "".join(
        f'<!ENTITY l{number} "{f"&l{number - 1};" * 10 if number else "ha"}">' for number in range(10)
    )
    return (
        f"<!DOCTYPE response [{entities}]><response status='ok'><task><id>&l9;</id></task></response>"
    ).encode()


def _external_entity(url: str) -> bytes:
    return (
        f'<!DOCTYPE response [<!ENTITY x SYSTEM "{url}">]>'
        "<response status='ok'><sid>&x;</sid><task><id>&x;</id><title>&x;</title></task></response>"
    ).encode()


def bodies() -> Iterator[tuple[str, bytes, str]]:
    """Kind of portal, a sound answer to nearly anything, and its media type."""
    task = {"id": 7, "title": "ё", "response": None}
    yield "r7", json.dumps({"status": 0, "response": task}, ensure_ascii=False).encode(), "application/json"
    yield (
        "planfix",
        '<?xml version="1.0"?><response status="ok"><sid>ё</sid><task><id>7</id></task></response>'.encode(),
        "application/xml",
    )
