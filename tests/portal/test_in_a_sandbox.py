"""The portal in a separate sandbox: its data, links and cookies are separate too."""

import re

from mock_server.sandbox import Sandbox
from tests.portal.people import ANSWERS, Person
from tests.support import SCOPE


def test_a_company_registers_and_reads_in_its_own_sandbox(sandbox: Sandbox) -> None:
    person = Person.opening(sandbox, "/~ci/third-party/register").sends("/register", **ANSWERS)
    assert person.page.status_code == 201
    client_id = person.facts()["Client id"]
    assert f'"{client_id}"' not in person.http.get("/_mock/clients").text
    assert f'"{client_id}"' in person.http.get("/~ci/_mock/clients").text
    created = person.http.post(
        "/~ci/_mock/authorizations", json={"client_id": client_id, "scope": SCOPE}
    ).json()
    person.opens("/~ci/dashboard")
    (page,) = re.findall(r'<h3><a href="([^"]+)"', person.page.text)
    assert page == f"/~ci/dashboard/authorizations/{created['authorization']['uid']}"
    assert "<svg" in person.opens(page).page.text
    for link in re.findall(r'(?:href|action|src)="([^"]+)"', person.page.text):
        assert link.startswith(("/~ci/", "#")), link
    answer = person.http.get(f"{page}/files/green-button.xml")
    assert answer.status_code == 200
    assert "http://localhost:8000/~ci/DataCustodian" in answer.text
    assert "Analytical Engines" not in person.opens("/dashboard").page.text


def test_customers_log_in_to_their_page_in_a_sandbox(sandbox: Sandbox) -> None:
    person = Person.opening(sandbox, "/~ci/my-authorizations")
    person.sends("/~ci/sso", username="test_residential", password="test_residential")
    assert person.page.url.path == "/~ci/my-authorizations"
    assert "You are not sharing data with anyone" in person.page.text
    assert person.opens("/my-authorizations").page.url.path == "/sso/authorize"
