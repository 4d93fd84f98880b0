"""How a connection to a target is secured: whose certificates are believed, and which one is shown."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import certifi

from etalon.messages import Message
from etalon.portals.config import ConfigError

if TYPE_CHECKING:
    from etalon.portals.config import Tls


def client_context(tls: Tls) -> ssl.SSLContext:
    """The context that a target's connections are made with.

    Without a `ca` of the target's own, both the machine's authorities and Mozilla's are believed: a company's
    portal is often signed by the company, and a container often knows no authority at all.

    Raises:
        ConfigError: a file is not there, or not what it should be; the message names key and file.
    """
    context = _trusting(tls)
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.certificate is not None:
        _show(context, tls)
    return context


def _trusting(tls: Tls) -> ssl.SSLContext:
    if tls.ca is None:
        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())
        return context
    try:
        return ssl.create_default_context(cafile=str(tls.ca))
    except ssl.SSLError as error:
        raise ConfigError(Message("wants-pem-certificates", where="ca", file=str(tls.ca))) from error
    except OSError as error:
        raise ConfigError(
            Message("file-unreadable", where="ca", file=str(tls.ca), why=error.strerror or str(error))
        ) from error


def _show(context: ssl.SSLContext, tls: Tls) -> None:
    shown = f"{tls.certificate}" + (f" and {tls.key}" if tls.key else "")
    try:
        # Without a password of its own, OpenSSL would ask for one at the terminal, and wait.
        context.load_cert_chain(str(tls.certificate), tls.key, password=lambda: tls.key_password)
    except ssl.SSLError as error:
        raise ConfigError(Message("wants-pem-and-key", where="certificate", file=shown)) from error
    except OSError as error:
        raise ConfigError(
            Message("file-unreadable", where="certificate", file=shown, why=error.strerror or str(error))
        ) from error
