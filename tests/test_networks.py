"""Certificates, proxies and the ways to write a URL, each on a socket of its own."""

from __future__ import annotations

import ssl
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from etalon.portals.config import Target, Tls
from etalon.portals.config_file import load
from etalon.portals.errors import UnreachableError
from etalon.portals.exchange import Request
from etalon.portals.transport import Transport
from tests.wrong_portals import answers, portal_that

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from etalon.portals.exchange import Exchange
    from tests.conftest import CommandLine
    from tests.wrong_portals import Call, WrongPortal


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority of our own, and what it has signed: `server`, `client`, and `locked` with a password."""
    folder = tmp_path_factory.mktemp("certificates")

    def openssl(*arguments: str) -> None:
        subprocess.run(  # noqa: S603 - arguments that stand here
            ["openssl", *arguments],  # noqa: S607 - whichever OpenSSL the machine has
            cwd=folder,
            check=True,
            capture_output=True,
        )

    new_key = ("req", "-newkey", "rsa:2048", "-noenc", "-days", "30")
    openssl(*new_key, "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Etalon test authority")
    names = "subjectAltName=IP:127.0.0.1,IP:::1,DNS:localhost"
    for name in ("server", "client"):
        openssl(
            *(*new_key, "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", names),
            *("-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}"),
        )
    openssl("rsa", "-aes256", "-passout", "pass:open-sesame", "-in", "client.key", "-out", "locked.key")
    return folder


@contextmanager
def secured(certificates: Path, *, asks_for_certificate: bool = False) -> Iterator[WrongPortal]:
    with portal_that(answers(200)) as portal:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        if asks_for_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(certificates / "ca.pem")
        portal.socket = context.wrap_socket(portal.socket, server_side=True)
        portal.handle_error = lambda *_: None  # type: ignore[method-assign]  # a handshake that fails
        yield portal


def get(url: str, **known: object) -> Exchange:
    transport = Transport(Target("here", "r7", url, timeout=5, **known))  # type: ignore[arg-type]
    try:
        return transport.send("getTask", Request("GET", url, (("Authorization", "the-token"),)))
    finally:
        transport.close()


def test_an_authority_of_the_targets_own_is_believed(certificates: Path) -> None:
    with secured(certificates) as portal:
        url = portal.url.replace("http:", "https:")
        assert get(url, tls=Tls(ca=certificates / "ca.pem")).response.ok


def test_a_certificate_that_nobody_vouches_for_is_refused(certificates: Path) -> None:
    with secured(certificates) as portal:
        with pytest.raises(
            UnreachableError, match=r"cannot be verified \(.+\): set ca to the file"
        ) as caught:
            get(portal.url.replace("http:", "https:"))
        assert portal.seen == []
    assert len(str(caught.value).splitlines()) == 1


def test_a_certificate_for_another_name_is_refused(certificates: Path) -> None:
    with secured(certificates) as portal:
        url = f"https://other.localhost:{portal.server_address[1]}"
        with pytest.raises(UnreachableError):
            get(url, tls=Tls(ca=certificates / "ca.pem"))
        assert portal.seen == []


def test_verification_can_be_switched_off(certificates: Path) -> None:
    with secured(certificates) as portal:
        assert get(portal.url.replace("http:", "https:"), tls=Tls(verify=False)).response.ok


@pytest.mark.parametrize(("key", "password"), [("client.key", ""), ("locked.key", "open-sesame")])
def test_a_certificate_is_shown_where_the_portal_asks_for_one(
    certificates: Path, key: str, password: str
) -> None:
    tls = Tls(
        ca=certificates / "ca.pem",
        certificate=certificates / "client.pem",
        key=certificates / key,
        key_password=password,
    )
    with secured(certificates, asks_for_certificate=True) as portal:
        url = portal.url.replace("http:", "https:")
        assert get(url, tls=tls).response.ok
        with pytest.raises(UnreachableError):
            get(url, tls=Tls(ca=certificates / "ca.pem"))
        assert len(portal.seen) == 1


def test_https_to_a_port_without_tls_is_said_in_a_sentence() -> None:
    with portal_that(answers(200)) as portal, pytest.raises(UnreachableError, match=r"TLS|broke|reached"):
        get(portal.url.replace("http:", "https:"))


def test_the_config_names_files_beside_itself(certificates: Path) -> None:
    path = certificates / "etalon.toml"
    path.write_text(
        '[targets.here]\nkind = "r7"\nurl = "https://portal.example"\ntoken = "a-token"\n'
        'allow-writes = true\nca = "ca.pem"\ncertificate = "client.pem"\ncertificate-key = "locked.key"\n'
        'certificate-password = "env:SESAME"\n'
    )
    target = load(path, {"SESAME": "open-sesame"}).target("here")
    assert target.tls.ca == certificates / "ca.pem"
    assert "open-sesame" not in repr(target)


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    credentials: list[str | None] = []

    def answer(call: Call) -> None:
        credentials.append(call.headers.get("proxy-authorization"))
        call.reply(200, b"{}")

    with portal_that(answer) as proxy:
        monkeypatch.setenv(variable, proxy.url.replace("//", "//qa:hunter2@"))
        assert get("http://portal.example/base/task").response.ok
        assert proxy.seen == ["GET http://portal.example/base/task"]
        monkeypatch.setenv("NO_PROXY", "portal.example")
        with pytest.raises(UnreachableError):
            get("http://portal.example/base/task")
    assert credentials == ["Basic cWE6aHVudGVyMg=="]


def test_a_proxy_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    with portal_that(answers(407)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(UnreachableError, match="the proxy of the environment answers 407"):
            get("https://portal.example/")


def test_a_proxy_of_a_kind_that_is_not_spoken_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv("HTTP_PROXY", "socks5://127.0.0.1:9")
    with pytest.raises(UnreachableError, match="a proxy of the kind socks5"):
        get("http://portal.example/")


@pytest.mark.parametrize(
    "proxy",
    [
        "http://qa:hunt/er2secret@127.0.0.1:9",
        "http://qa:hunt#er2secret@127.0.0.1:9",
        "http://qa:hunt?er2secret@127.0.0.1:9",
        "http://qa:hunt@er2secret@127.0.0.1:9",
        "http://qa:er2secret@127.0.0.1:port",
        "http://qa:er2secret@127.0.0.1:99999",
        "http://qa:er2secret@[bad",
        "http://qa:er2secret@",
        "http:/qa:er2secret@127.0.0.1:9",
        "qa:hunt/er2secret@127.0.0.1:9",
    ],
)
def test_a_proxy_that_is_no_url_is_said_without_its_password(
    etalon: CommandLine, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    for name in ("NO_PROXY", "no_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", proxy)
    etalon.config(
        '[targets.here]\nkind = "r7"\nurl = "http://10.255.255.1:1"\ntoken = "a-token"\nallow-writes = true\n'
    )
    for command in (("run", "here", "--dry-run"), ("run", "here"), ("clean", "here")):
        outcome = etalon(*command)
        assert outcome.code == 4
        assert "HTTP_PROXY: expected a URL" in outcome.err
        assert "percent-encoded" in outcome.err
        assert "er2secret" not in outcome.out + outcome.err


def test_a_redirect_takes_the_token_nowhere() -> None:
    with portal_that(answers(200)) as elsewhere:
        with portal_that(answers(302, b"", Location=elsewhere.url)) as portal:
            assert get(portal.url).response.status == 302
        assert elsewhere.seen == []


def test_ipv6_and_a_base_path() -> None:
    hosts: list[str | None] = []

    def answer(call: Call) -> None:
        hosts.append(call.headers.get("host"))
        call.reply(200, b"{}")

    with portal_that(answer, "::1") as portal:
        assert get(f"{portal.url}/portal/api").response.ok
        assert portal.seen == ["GET /portal/api"]
        assert [f"http://{host}" for host in hosts] == [portal.url]


def test_a_host_of_another_script_is_spelled_in_ascii(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    with portal_that(answers(200)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        assert get("http://портал.рф/задача").response.ok
        [seen] = proxy.seen
    assert seen.startswith("GET http://xn--80awhdgm.xn--p1ai/%D0%B7")
