"""Made-up people are plausible, nobody's, and the same for a seed and a name."""

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


def test_nobody_lives_at_a_made_up_address() -> None:
    places = {(place.city, place.postal_code) for place in MATERIAL.places}
    found = [made_up.draw_address(draws(one), MATERIAL) for one in MANY]
    assert {(one.city, one.postal_code) for one in found} == places, "invented places, and all of them"
    assert {one.state for one in found} == {"NY"}
    assert all(re.fullmatch(r"[1-9][0-9]{2,3} [A-Z ]+", one.street) for one in found)
    assert len({one.street for one in found}) > 190
    assert {one.postal_code[:4] for one in found} <= {"1495", "1496", "1497", "1498"}, "assigned to no town"


def test_nobody_answers_a_made_up_telephone_or_reads_the_mail() -> None:
    for one in MANY:
        assert re.fullmatch(r"\+1[2-9][0-9]{2}55501[0-9]{2}", made_up.draw_phone(draws(one), MATERIAL))
        email = made_up.draw_email(draws(one), "ANNE-MARIE O'NEILL")
        assert re.fullmatch(r"anne\.marie\.o[0-9]{3}@example\.com", email)
    assert made_up.draw_email(draws(1), "北京").startswith("customer")


@pytest.mark.parametrize("kind", ["residential", "commercial"])
def test_names_follow_from_the_seed_and_the_name_of_the_stream(kind: CustomerKind) -> None:
    first = [made_up.draw_name(draws(one), kind) for one in MANY]
    assert first[::-1] == [made_up.draw_name(draws(one), kind) for one in reversed(MANY)], "in any order"
    assert len(set(first)) > 190
    assert all(name == name.upper() for name in first)
    assert first != [made_up.draw_name(draws(one, seed="other"), kind) for one in MANY]


def test_numbers_look_like_the_utilitys() -> None:
    for one in MANY:
        assert re.fullmatch(r"[1-9][0-9]{8}-[0-9]", made_up.draw_account_number(draws(one)))
        assert re.fullmatch(r"[1-9][0-9]{4}-[0-9]{5}", made_up.draw_service_id(draws(one)))
        assert re.fullmatch(r"[1-9][0-9]{9}", made_up.draw_meter_serial(draws(one)))


def test_a_service_is_a_usual_one_and_uses_what_is_usual() -> None:
    drawn = [
        made_up.draw_service(draws(one), MATERIAL, "commercial", "electric", profile=None) for one in MANY
    ]
    assert {one.profile for one in drawn} == {"store-electric", "cold-storage", "lighting"}
    for one, usual in enumerate(drawn):
        least, most = usual.daily_usage
        assert least <= made_up.draw_daily_usage(draws(one), usual) <= most
    chosen = made_up.draw_service(draws(1), MATERIAL, "commercial", "electric", profile="lighting")
    assert chosen.tariff == "COM-LIGHTING"


def test_what_this_seed_makes_up_never_changes() -> None:
    """But for names, which come from a library's lists."""
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
