"""What a real browser records of its own traffic with a portal is judged like any client's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from etalon.portals.serving import served
from etalon.vendors import vendor_of
from tests.browser import chromium

if TYPE_CHECKING:
    from pathlib import Path

    from etalon.portals.mocking import MockPortal
    from tests.conftest import CommandLine

PASSWORD = "canary-password-of-a-browser"
WORK = """async ([token, responsible, category, password]) => {
    const headers = {Authorization: token, 'Content-Type': 'application/json'};
    const ask = async (method, path, body) => {
        const answer = await fetch('/api/2.0' + path, {method, headers, body: body && JSON.stringify(body)});
        return (await answer.json()).response;
    };
    await ask('POST', '/authentication', {userName: 'somebody', password});
    const {id} = await ask('POST', '/crm/task', {
        title: 'Проба <b>&', description: 'Как было', deadline: '2031-02-03T04-05-06.000Z',
        responsibleId: responsible, categoryId: category, isNotify: false,
    });
    await ask('GET', '/crm/task/' + id);
    await ask('PUT', '/crm/task/' + id, {
        title: 'Новое', description: 'Другое', deadline: '2031-02-04T04-05-06.000Z',
        responsibleid: responsible, categoryid: category,
    });
    await ask('GET', '/crm/task/' + id);
    await ask('PUT', '/crm/task/' + id, {title: 'Только имя'});
    await ask('GET', '/crm/task/' + id);
}"""


def record(portal: MockPortal, path: Path) -> None:
    with served(portal) as url, chromium() as browser:
        context = browser.new_context(record_har_path=path, record_har_content="embed")
        page = context.new_page()
        page.goto(f"{url}/api/2.0/people/@self")
        known = portal.known
        given = [portal.credentials["token"], known["responsibles"][0], known["categories"][0], PASSWORD]
        page.evaluate(WORK, given)
        context.close()


@pytest.mark.parametrize(
    ("fault", "red"),
    [
        ("", set()),
        (
            "description-not-updated",
            {"R7-UPDATE-STORES-DESCRIPTION", "R7-UPDATE-ECHOES-DESCRIPTION"},
        ),
    ],
)
def test_what_chromium_recorded_is_judged(etalon: CommandLine, fault: str, red: set[str]) -> None:
    portal = vendor_of("r7").mock().create("documented", [fault] if fault else [])
    record(portal, etalon.folder / "browser.har")
    outcome = etalon("judge", "browser.har", "--output", str(etalon.output))
    assert outcome.code == bool(red)
    assert outcome.red == red
    assert {"R7-UPDATE-STORES-TITLE", "R7-UPDATE-KEEPS-DESCRIPTION"} - red <= outcome.ids("conforms")
    secrets = [PASSWORD.encode(), portal.credentials["token"].encode()]
    shown = [path for path in etalon.output.rglob("*") if path.is_file()]
    assert not [path for path in shown for secret in secrets if secret in path.read_bytes()]
    assert not [secret for secret in secrets if secret.decode() in outcome.out + outcome.err]
