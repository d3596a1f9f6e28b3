"""Every object of the JSON API has the attributes of the real one, in its schema and in every answer."""

from typing import Any

import httpx
import pytest

from mock_server.api.objects.shape import Shape
from tests.api.calls import LISTINGS, OBJECTS, authorize, call, read
from tests.support import Third

CUSTOMERS = ["test_residential", "test_commercial", "test_solar", "test_gaps"]


@pytest.mark.parametrize("customer", CUSTOMERS)
@pytest.mark.parametrize("path", LISTINGS)
def test_every_listing_has_its_schema(third: Third, path: str, customer: str) -> None:
    uid, _ = authorize(third, customer)
    result = read(third, f"{path}?authorizations={uid}&include=meters")
    assert len(result[path.rpartition("/")[2].replace("-", "_")]) > 0


@pytest.mark.parametrize("path", OBJECTS)
def test_an_object_read_alone_is_the_one_of_the_list(third: Third, path: str) -> None:
    authorize(third)
    for one in read(third, path)[path.rpartition("/")[2].replace("-", "_")]:
        assert read(third, f"{path}/{one['uid']}") == one


@pytest.mark.parametrize("path", OBJECTS)
def test_the_openapi_document_holds_the_same_schema(http: httpx.Client, path: str) -> None:
    document = http.get("/openapi.json").json()
    shape: type[Shape] = OBJECTS[path]
    described = document["components"]["schemas"][shape.__name__]
    assert set(described["properties"]) == set(shape.model_fields)
    answer = document["paths"][f"/api/v2/{path}/{{uid}}"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {
        "$ref": f"#/components/schemas/{shape.__name__}"
    }


def test_blocks_can_be_left_out(third: Third) -> None:
    uid, _ = authorize(third)
    [meter, *_] = read(third, f"meters?authorizations={uid}&expand_meter_blocks=false")["meters"]
    assert (meter["is_expanded"], meter["blocks"], "base" in meter) == (False, ["base"], False)
    result = read(third, f"authorizations/{uid}?include=meters&expand_meter_blocks=false")
    assert all("base" not in one for one in result["meters"]["meters"])


def test_what_has_no_content_is_absent_and_what_is_unknown_is_null(third: Third) -> None:
    authorize(third, "test_solar")
    blocks: dict[str, Any] = {}
    for meter in read(third, "meters")["meters"]:
        blocks[meter["base"]["service_class"].rpartition("-")[2]] = meter["blocks"]
        assert [name for name in ("electric_details", "programs") if name in meter] == [
            name for name in meter["blocks"] if name != "base"
        ]
        assert meter["ongoing_monitoring"]["prepay"] is None
    assert blocks["electric"] == ["base", "electric_details"]


@pytest.mark.parametrize(
    ("blocks", "bills", "intervals"), [("4_16", ["pdf"], ["xml"]), ("4", [], ["xml"]), ("16", ["pdf"], [])]
)
def test_a_meter_has_sources_of_what_it_has(
    third: Third, blocks: str, bills: list[str], intervals: list[str]
) -> None:
    authorize(third, blocks=blocks)
    for meter in read(third, "meters")["meters"]:
        assert (meter["bill_sources"], meter["interval_sources"]) == (bills, intervals)


def test_an_authorization_can_be_named_and_put_away(third: Third) -> None:
    uid, _ = authorize(third)
    status, result = call(third, "PATCH", f"authorizations/{uid}", body={"nickname": "mine"})
    assert (status, result["nickname"], result["is_archived"]) == (200, "mine", False)
    _, result = call(third, "PATCH", f"authorizations/{uid}", body={"is_archived": True})
    assert (result["nickname"], result["is_archived"]) == ("mine", True)
    assert result == read(third, f"authorizations/{uid}")
    assert read(third, "authorizations?is_archived=false")["authorizations"] == []
    _, result = call(third, "PATCH", f"authorizations/{uid}", body={"nickname": None, "is_archived": False})
    assert (result["nickname"], result["is_archived"]) == (None, False)


def test_a_meter_can_be_put_away(third: Third) -> None:
    authorize(third)
    [first, *others] = read(third, "meters")["meters"]
    status, result = call(third, "PATCH", f"meters/{first['uid']}", body={"is_archived": True})
    assert (status, result) == (200, {**first, "is_archived": True})
    assert read(third, "meters?is_archived=false")["meters"] == others
    assert read(third, "meters?is_archived=true")["meters"] == [result]


def test_only_authorizations_of_test_accounts_can_be_deleted(third: Third) -> None:
    uid, token = authorize(third)
    live = Third(third.sandbox, third.http, client_id="DEMOUTILITY_livelive1")
    real = live.approval("real_customer", redirect_uri="http://127.0.0.1:8765/callback").authorization.uid
    assert call(live, "DELETE", f"authorizations/{real}")[0] == 403
    assert call(live, "DELETE", f"authorizations/{uid}")[0] == 404
    assert call(third, "DELETE", f"authorizations/{uid}") == (200, {"success": True})
    assert call(third, "GET", f"authorizations/{uid}")[0] == 404
    assert call(third, "GET", "meters", token=token)[0] == 401
    assert read(third, "meters") == {"meters": [], "next": None}


def test_a_body_needs_no_content_type(third: Third) -> None:
    uid, _ = authorize(third)
    for kind in ("application/x-www-form-urlencoded", "text/plain", ""):
        headers = {"Authorization": f"Bearer {third.client.api_token}", "Content-Type": kind}
        answer = third.http.patch(
            f"/api/v2/authorizations/{uid}", headers=headers, content='{"nickname":"x"}'
        )
        assert answer.json()["nickname"] == "x"
