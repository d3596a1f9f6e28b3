"""Fictional people: plausible, not real, and the same for the same seed and name."""

import re
from functools import partial

import pytest

from mock_server.domain import made_up
from mock_server.domain.made_up import Draw
from mock_server.domain.randomness import Randomness
from mock_server.domain.records import CustomerKind
from mock_server.fixtures import bundled_folder, load_fixtures

MATERIAL = load_fixtures(bundled_folder()).utility.made_up
MANY = range(200)


def draws(*name: object, seed: str = "s") -> Draw:
    return partial(Randomness(seed).stream, *name)


def test_fictional_addresses_do_not_exist() -> None:
    places = {(place.city, place.postal_code) for place in MATERIAL.places}
    addresses = [made_up.draw_address(draws(number), MATERIAL) for number in MANY]
    assert {(address.city, address.postal_code) for address in addresses} == places, (
        "all invented places and no other"
    )
    assert {address.state for address in addresses} == {"NY"}
    assert all(re.fullmatch(r"[1-9][0-9]{2,3} [A-Z ]+", address.street) for address in addresses)
    assert len({address.street for address in addresses}) > 190
    assert {address.postal_code[:4] for address in addresses} <= {"1495", "1496", "1497", "1498"}, (
        "unassigned ZIP codes"
    )


def test_fictional_phone_numbers_and_mailboxes_belong_to_nobody() -> None:
    for number in MANY:
        assert re.fullmatch(r"\+1[2-9][0-9]{2}55501[0-9]{2}", made_up.draw_phone(draws(number), MATERIAL))
        email = made_up.draw_email(draws(number), "ANNE-MARIE O'NEILL")
        assert re.fullmatch(r"anne\.marie\.o[0-9]{3}@example\.com", email)
    assert made_up.draw_email(draws(1), "北京").startswith("customer")


@pytest.mark.parametrize("kind", ["residential", "commercial"])
def test_names_depend_on_the_seed_and_the_name_of_the_stream(kind: CustomerKind) -> None:
    first = [made_up.draw_name(draws(number), kind) for number in MANY]
    assert first[::-1] == [made_up.draw_name(draws(number), kind) for number in reversed(MANY)], (
        "in any order"
    )
    assert len(set(first)) > 190
    assert all(name == name.upper() for name in first)
    assert first != [made_up.draw_name(draws(number, seed="other"), kind) for number in MANY]


def test_numbers_have_the_format_of_the_utility() -> None:
    for number in MANY:
        assert re.fullmatch(r"[1-9][0-9]{8}-[0-9]", made_up.draw_account_number(draws(number)))
        assert re.fullmatch(r"[1-9][0-9]{4}-[0-9]{5}", made_up.draw_service_id(draws(number)))
        assert re.fullmatch(r"[1-9][0-9]{9}", made_up.draw_meter_serial(draws(number)))


def test_a_service_is_a_usual_one_with_usual_usage() -> None:
    drawn = [
        made_up.draw_service(draws(number), MATERIAL, "commercial", "electric", profile=None)
        for number in MANY
    ]
    assert {usual.profile for usual in drawn} == {"store-electric", "cold-storage", "lighting"}
    for number, usual in enumerate(drawn):
        least, most = usual.daily_usage
        assert least <= made_up.draw_daily_usage(draws(number), usual) <= most
    chosen = made_up.draw_service(draws(1), MATERIAL, "commercial", "electric", profile="lighting")
    assert chosen.tariff == "COM-LIGHTING"


def test_draws_of_a_seed_never_change() -> None:
    """Except names, which come from the lists of a library."""
    draw = draws("never")
    address = made_up.draw_address(draw, MATERIAL)
    assert (address.street, address.city, address.postal_code) == ("8318 CHURCH ST", "WILLOW MILLS", "14984")
    assert made_up.draw_phone(draw, MATERIAL) == "+17165550148"
    assert made_up.draw_email(draw, "ADA LOVELACE") == "ada.lovelace934@example.com"
    assert made_up.draw_account_number(draw) == "709514105-6"
    assert made_up.draw_service_id(draw) == "94411-67340"
    assert made_up.draw_meter_serial(draw) == "1308647151"
    usual = made_up.draw_service(draw, MATERIAL, "residential", "electric", profile=None)
    assert str(made_up.draw_daily_usage(draw, usual)) == "24.28"
