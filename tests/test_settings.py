"""Every knob says what is wrong with its value, and no misspelt one is ignored."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mock_server.settings import Settings, SettingsMistake, read_settings


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("MOCK_SERVER_PROT", "MOCK_SERVER_PORT"),
        ("MOCK_SERVER_PUBLICURL", "MOCK_SERVER_PUBLIC_URL"),
        ("mock_server_dialct", "MOCK_SERVER_DIALECT"),
    ],
)
def test_a_misspelt_variable_is_an_error_that_names_the_one_meant(name: str, meant: str) -> None:
    with pytest.raises(SettingsMistake, match=f"{name} is not a setting.*Did you mean {meant}"):
        read_settings(environment={name: "1"})


def test_a_wholly_unknown_variable_lists_the_known_ones() -> None:
    with pytest.raises(SettingsMistake, match="MOCK_SERVER_PORT"):
        read_settings(environment={"MOCK_SERVER_XYZZY": "1"})
    assert read_settings(environment={"OTHER_SERVER_XYZZY": "1"}).port == 8000


@pytest.mark.parametrize(
    "given",
    [
        {"port": "many"},
        {"port": "65536"},
        {"public_url": "localhost:8000"},
        {"public_url": "http://例え.jp"},
        {"browser_url": "http://localhost:80@evil.example"},
        {"browser_url": "http://mock.example.com/日"},
        {"hosts": "mock.example.com:80"},
        {"hosts": "[:::]"},
        {"database_url": "mysql://x"},
        {"clock": "yesterday"},
        {"dialect": "klingon"},
        {"control": "maybe"},
        {"control_token": "short"},
        {"control": "token"},
        {"publication_lag_hours": "-1"},
        {"seed": ""},
    ],
    ids=str,
)
def test_a_bad_value_names_its_setting(given: dict[str, Any]) -> None:
    with pytest.raises(SettingsMistake) as caught:
        read_settings(given, environment={})
    [name] = given
    assert f"MOCK_SERVER_{name.upper()}" in str(caught.value)


def test_environment_and_options(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOCK_SERVER_PORT", "9000")
    monkeypatch.setenv("MOCK_SERVER_HOSTS", "utility, mock.local ,")
    assert read_settings().port == 9000
    assert read_settings({"port": "9001"}).port == 9001
    assert read_settings().hosts == ("utility", "mock.local")


def test_a_clock_without_zone_is_in_utc_and_urls_lose_their_slash() -> None:
    settings = read_settings(
        {"clock": "2026-03-15T12:00:00", "public_url": "https://u.example/"}, environment={}
    )
    assert settings.clock == datetime(2026, 3, 15, 12, tzinfo=UTC)
    assert settings.public_url == "https://u.example"


@pytest.mark.parametrize(
    ("given", "access"),
    [
        ({}, "open"),
        ({"host": "0.0.0.0"}, "off"),
        ({"host": "0.0.0.0", "control_token": "long-enough"}, "token"),
        ({"host": "0.0.0.0", "control": "open"}, "open"),
        ({"control": "off"}, "off"),
    ],
    ids=str,
)
def test_the_control_api_is_open_on_this_machine_only(given: dict[str, Any], access: str) -> None:
    assert read_settings(given, environment={}).control_access == access


def test_every_setting_has_a_line_of_help() -> None:
    for field in Settings.model_fields.values():
        assert field.description
        assert field.description.endswith(".")
