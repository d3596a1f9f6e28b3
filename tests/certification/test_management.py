"""FB_41 Manage Authorization and FB_44 Manage ApplicationInformation (numbered the other way round by some).

MGT001 and MGT002 want the client token to work where MGT003 wants 403, which nobody can satisfy: here the table of
ESPI 4.0 §1.1 holds, by which the registration token manages the registration. The final steps with the
administrator's token are left out: there is no such token here.
"""

import httpx
import pytest

from tests.certification.suite import Suite, path_of, text, valid
from tests.espi.documents import ESPI

XML = {"Content-Type": "application/atom+xml"}


def put(suite: Suite, address: str, token_class: str, body: bytes) -> httpx.Response:
    headers = {**suite.bearer(token_class), **XML}
    return suite.third.http.put(path_of(address), content=body, headers=headers)


def delete(suite: Suite, address: str, token_class: str) -> httpx.Response:
    return suite.third.http.delete(path_of(address), headers=suite.bearer(token_class))


def test_mga001_the_client_changes_its_authorization(suite: Suite) -> None:
    address = suite.addresses["authorization"]
    answer = suite.get(address, "client")
    assert len(list(valid(answer).iter(f"{ESPI}authorizedPeriod"))) == 1
    assert put(suite, address, "client", answer.content).status_code == 200


def test_mga002_the_client_ends_its_authorization_and_takes_it_up_again(suite: Suite) -> None:
    address = suite.addresses["authorization"]
    body = suite.get(address, "client").content
    assert delete(suite, address, "client").status_code == 200
    assert suite.get(suite.addresses["batch"], "access").status_code in (401, 403)
    assert put(suite, address, "client", body).status_code == 200


@pytest.mark.parametrize("token_class", ["registration", "access", "none"])
def test_mga003_nobody_else_changes_or_ends_it(suite: Suite, token_class: str) -> None:
    address = suite.addresses["authorization"]
    body = suite.get(address, "client").content
    assert put(suite, address, token_class, body).status_code == 403
    assert delete(suite, address, token_class).status_code == 403
    assert text(valid(suite.get(address, "client")), "status") == "1"


def test_mgt001_the_registration_token_changes_the_registration(suite: Suite) -> None:
    address = suite.addresses["application"]
    body = suite.get(address, "registration").content
    assert put(suite, address, "registration", body).status_code == 200
    valid(suite.get(address, "registration"))


def test_mgt002_the_registration_token_ends_the_registration_and_takes_it_up_again(suite: Suite) -> None:
    address = suite.addresses["application"]
    body = suite.get(address, "registration").content
    assert delete(suite, address, "registration").status_code == 200
    ended = suite.get(address, "registration")
    assert text(valid(ended), "dataCustodianApplicationStatus") == "4", "revoked"
    assert put(suite, address, "registration", body).status_code == 200


@pytest.mark.parametrize("token_class", ["client", "access", "none"])
def test_mgt003_nobody_else_changes_or_ends_it(suite: Suite, token_class: str) -> None:
    address = suite.addresses["application"]
    body = suite.get(address, "registration").content
    assert put(suite, address, token_class, body).status_code == 403
    assert delete(suite, address, token_class).status_code == 403
    assert suite.get(address, "registration").status_code == 200
