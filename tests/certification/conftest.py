"""A server as a certified data custodian runs it: the certification dialect, https in every address."""

import pytest

from mock_server.settings import Settings, read_settings
from tests.certification.suite import Suite
from tests.conftest import NOON
from tests.support import Third


@pytest.fixture
def settings() -> Settings:
    return read_settings(
        {"clock": NOON, "dialect": "certification", "public_url": "https://utility.example.com"}
    )


@pytest.fixture
def suite(third: Third) -> Suite:
    """The suite, which is on good terms with the utility."""
    return Suite(third)
