from __future__ import annotations

import pytest
from lxml import etree

from etalon.vendors.planfix.signature import joined_values, signature

SID = "0123456789abcdef0123456789abcdef"
TASK = f'<request method="task.update"><account>acc</account><sid>{SID}</sid>'

# Key KEY; what clients that portals accept compute (the page's sample program, and three clients).
LOGIN = (
    '<request method="auth.login"><account>acc</account><login>John</login>'
    "<password>Galt</password></request>"
)
NESTED = (
    f"{TASK}<task><id>5</id><title>T</title><parent><id>0</id></parent></task>"
    "<pageSize>100</pageSize></request>"
)
WHOLE = (
    f"{TASK}<task><id>5</id><title>a &amp; &lt;b&gt;</title><parent><id>0</id></parent><workers>"
    "<addUsers><id>30</id><id>4</id></addUsers><delUsers><id>7</id><id>8</id></delUsers></workers>"
    '<periodicity unset="1"/></task></request>'
)
VECTORS = {
    "login": (
        LOGIN,
        "3df6b52da4cb7945a74153ed7c3a3d7d",
    ),
    "one level": (
        f"{TASK}<task><id>5</id><title>T</title></task></request>",
        "fd29c6a33ab6a2110dd75876867ff485",
    ),
    "nested": (
        NESTED,
        "09d57853e8c6e3515c9bbc36eec53f7d",
    ),
    "lists, entities and a nested attribute": (
        WHOLE,
        "ebd6c1c97e9db471a603c3c5e6804cd3",
    ),
}


@pytest.mark.parametrize(("document", "expected"), VECTORS.values(), ids=VECTORS)
def test_agrees_with_clients_that_portals_accept(document: str, expected: str) -> None:
    assert signature(etree.fromstring(document), "KEY") == expected


def test_the_signature_element_itself_does_not_count() -> None:
    bare = etree.fromstring(f"{TASK}<task><id>5</id></task></request>")
    signed = etree.fromstring(f"{TASK}<task><id>5</id></task><signature>abc</signature></request>")
    assert signature(bare, "KEY") == signature(signed, "KEY")


def test_the_order_of_elements_of_different_names_does_not_count() -> None:
    one = etree.fromstring("<request method='m'><b>1</b><a>2</a></request>")
    other = etree.fromstring("<request method='m'><a>2</a><b>1</b></request>")
    assert joined_values(one) == joined_values(other) == "m21"


@pytest.mark.parametrize(
    ("inner", "expected"),
    {
        "upper case sorts before lower case": ("<endTime>2</endTime><Zed>1</Zed>", "12"),
        "an attribute beside elements joins before them": (
            '<p unset="1"><daily><type>EVERY</type></daily></p>',
            "1EVERY",
        ),
        "an attribute beside text is ignored": ('<p unset="1">text</p>', "text"),
        "interleaved lists gather at their name": ("<b>1</b><a>x</a><b>2</b>", "x12"),
        "text is not trimmed": ("<a> a b </a>", " a b "),
        "blanks alone are nothing": ("<a>  </a>", ""),
        "zero is a value": ("<a>0</a>", "0"),
        "comments are not values": ("<a>x<!-- no -->y</a>", "xy"),
    }.values(),
)
def test_joins_as_the_sample_program_does(inner: str, expected: str) -> None:
    parser = etree.XMLParser(remove_comments=True)
    assert joined_values(etree.fromstring(f'<request method="">{inner}</request>', parser)) == expected
