"""Redirect URIs must be ASCII everywhere. The error for an IRI contains the equivalent URI."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mock_server.fixtures import FixtureMistake, bundled_folder, load_fixtures
from mock_server.urls import REGISTER
from tests.oauth.test_rfc7591 import REGISTRATION
from tests.oauth.test_rfc7592 import Own
from tests.portal.people import Person
from tests.support import CALLBACK, Third, app_around, call_raw

# The IRI that is sent, and the URI in the error sentence.
IRIS = {
    "http://例え.jp/cb": "http://xn--r8jz45g.jp/cb",
    "http://127.0.0.1:5000/日本?a=é": "http://127.0.0.1:5000/%E6%97%A5%E6%9C%AC?a=%C3%A9",
    "com.example.app:/日": "com.example.app:/%E6%97%A5",
}
# An invalid host could inject text into the content security policy of our pages.
NO_HOSTS = ["http://a;script-src/cb", "https://user@app.example.com/", "com.app://a;b/", "http://a,b/"]


def by_registration(third: Third, uri: str) -> tuple[int, str]:
    answer = third.http.post(REGISTER, json={**REGISTRATION, "redirect_uris": [uri]})
    return answer.status_code, answer.json().get("error_description", "")


def by_management(third: Third, uri: str) -> tuple[int, str]:
    answer = Own(third.http).updated(redirect_uris=[uri])
    return answer.status_code, answer.json().get("error_description", "")


def by_application_information(third: Third, uri: str) -> tuple[int, str]:
    answer = Own(third.http).puts_espi(REGISTRATION["redirect_uris"][0], uri)
    return answer.status_code, answer.json()["error_description"] if answer.status_code >= 400 else ""


def by_settings(third: Third, uri: str) -> tuple[int, str]:
    person = Person.registered(third.sandbox).opens("/settings")
    person.sends("addresses", redirect_uris=uri, notify_uri="")
    return 400 if person.page.status_code == 422 else 200, person.page.text


def by_control(third: Third, uri: str) -> tuple[int, str]:
    answer = third.http.post("/_mock/clients", json={"redirect_uris": [uri]})
    return answer.status_code, answer.json().get("error_description", "")


def by_state(third: Third, uri: str) -> tuple[int, str]:
    document = third.http.get("/_mock/state").json()
    document["records"]["clients"][1]["redirect_uris"] = [uri]
    answer = third.http.put("/_mock/state", json=document)
    return answer.status_code, answer.json().get("error_description", "")


WAYS: list[Callable[[Third, str], tuple[int, str]]] = [
    by_registration,
    by_management,
    by_application_information,
    by_settings,
    by_control,
    by_state,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_an_iri_is_rejected_with_its_uri(third: Third, way: Callable[[Third, str], tuple[int, str]]) -> None:
    for uri, equivalent in IRIS.items():
        status, sentence = way(third, uri)
        assert (status, "ASCII" in sentence, equivalent in sentence) == (400, True, True), (
            uri,
            status,
            sentence[:300],
        )


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_an_invalid_host_is_rejected(third: Third, way: Callable[[Third, str], tuple[int, str]]) -> None:
    for uri in NO_HOSTS:
        assert way(third, uri)[0] == 400, uri


def test_a_fixture_file_with_an_iri_is_rejected(tmp_path: Path) -> None:
    folder = tmp_path / "fixtures"
    shutil.copytree(bundled_folder(), folder)
    [file] = [path for path in folder.rglob("*.yaml") if "DEMOUTILITY_livelive1" in path.read_text("utf-8")][
        :1
    ]
    result = file.read_text("utf-8")
    assert "redirect_uris:" in result
    file.write_text(result.replace("redirect_uris:", "redirect_uris:\n  - http://例え.jp/cb", 1), "utf-8")
    with pytest.raises(FixtureMistake, match=r"xn--r8jz45g\.jp"):
        load_fixtures(folder)


@pytest.mark.parametrize("uri", IRIS)
@pytest.mark.parametrize("response_type", ["token", "code"])
def test_an_iri_gets_no_redirect(third: Third, uri: str, response_type: str) -> None:
    query = {"response_type": response_type, "client_id": third.client_id, "redirect_uri": uri}
    answer = third.http.get("/oauth/authorize", params=query)
    assert (answer.status_code, "location" in answer.headers) == (403, False)
    assert "invalid_redirect_uri" in answer.text
    pushed = third.http.post("/oauth/par", data=query, auth=(third.client_id, third.client.secret))
    assert pushed.status_code == 400
    assert IRIS[uri] in pushed.json()["error_description"]


@pytest.mark.parametrize("character", ["\x01", "\x7f", "{", "\xa0"])
def test_a_loopback_redirect_must_be_a_valid_uri(third: Third, character: str) -> None:
    query = {"response_type": "token", "client_id": third.client_id, "redirect_uri": CALLBACK + character}
    answer = third.http.get("/oauth/authorize", params=query)
    assert (answer.status_code, "location" in answer.headers) == (403, False)


def test_a_redirect_to_a_stored_iri_is_ascii(third: Third) -> None:
    """A database of an earlier version may contain IRIs."""
    with third.sandbox.writing() as transaction:
        transaction.clients.change({"id": third.client_id}, redirect_uris=("http://例え.jp/cb",))
    with third.sandbox.store.reading() as transaction:
        template = transaction.templates.find(client_id=third.client_id)
    assert template is not None
    answer = call_raw(
        app_around(third.sandbox), "GET", f"/authorize/{template.portal}", query=b"utility=nobody"
    )
    assert answer.status in (302, 303)
    assert answer.header("location").startswith("http://%E4%BE%8B%E3%81%88.jp/cb?error=")
