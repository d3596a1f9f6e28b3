"""The request form: the URL that it builds works and contains what was chosen."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from mock_server.domain.oauth.scopes import parse_scope
from mock_server.domain.signing_in import WAYS
from mock_server.sandbox import Sandbox
from tests.portal.people import Person

REDIRECT = "http://localhost:8000/DataCustodian/thirdparty-demo/redirect"


def address(person: Person) -> str:
    """The displayed URL, which must also be the target of the button."""
    (displayed,) = re.findall(r"<pre><code>([^<]+)</code></pre>", person.page.text)
    assert f'href="{displayed}"' in person.page.text
    return html.unescape(displayed)


def requested(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


@pytest.mark.parametrize("way", [way.name for way in WAYS])
@pytest.mark.parametrize("customer", ["test_residential", "test_commercial", ""])
def test_every_way_gives_a_working_url_with_and_without_a_prefilled_value(
    sandbox: Sandbox, way: str, customer: str
) -> None:
    person = Person.opening(sandbox, "/dashboard/request")
    person.sends("dashboard/request", way=way, customer=customer, redirect_uri=REDIRECT, state="a b&c")
    assert person.page.status_code == 200
    url = address(person)
    scope = parse_scope(requested(url)["scope"])
    assert scope.authentication
    assert scope.authentication.way == way
    assert bool(scope.authentication.value) == (bool(customer) and way != "sso")
    assert requested(url)["state"] == "a b&c"
    assert requested(url)["redirect_uri"] == REDIRECT
    displayed = html.unescape(person.page.text)
    assert f"<code>{requested(url)['scope']}</code>" in displayed
    assert not scope.authentication.value or f"prefilled with {scope.authentication.value}" in displayed
    assert "=" not in urlsplit(url).query.partition("scope=")[2].partition("&")[0]
    begun = person.http.get(url)
    assert begun.status_code == 303, begun.text
    assert "/connect/" in begun.headers["location"]


def test_the_scope_contains_the_choices(sandbox: Sandbox) -> None:
    person = Person.opening(sandbox, "/dashboard/request")
    person.sends("dashboard/request", way="test", fb=["4", "51"], noedit="yes", all="yes", sou="default")
    scope = requested(address(person))["scope"]
    assert scope == "FB=4_51;AdditionalScope=sou-default_noedit_meters-all_auth-test"
    assert "4: Interval data" in person.page.text
    assert "redirect_uri" not in requested(address(person))


def test_a_value_that_no_scope_can_contain_is_reported(sandbox: Sandbox) -> None:
    person = Person.opening(sandbox, "/dashboard/request")
    person.sends("dashboard/request", way="email", value="a\x01b")
    assert person.page.status_code == 422
    assert "control character" in person.page.text


def test_an_unregistered_redirect_uri_or_scope_of_use_is_ignored(sandbox: Sandbox) -> None:
    evil = "https://evil.example/"
    person = Person.opening(
        sandbox, f"/dashboard/request?redirect_uri={evil}&sou=<b>&way=test&state=<script>"
    )
    assert "evil.example" not in person.page.text
    assert "<script>" not in person.page.text
    assert "redirect_uri" not in requested(address(person))
