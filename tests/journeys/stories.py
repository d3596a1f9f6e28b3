"""The seven ways to sign in, as data: what the scope says, what the forms are told, for both customers."""

from dataclasses import dataclass
from urllib.parse import quote

from mock_server.domain import signing_in

CUSTOMERS = ("test_residential", "test_commercial")
WAYS = tuple(way.name for way in signing_in.WAYS)

# What the brief promises, on purpose not read from the fixtures.
FACTS = {
    "test_residential": {
        "account": {"account": "111111111-1"},
        "phone": {"phone": "+11111111111"},
        "email": {"email": "heather.homeowner@example.com"},
        "address": {"address": "111 ANYWHERE ST, ANYTOWN, NY 12345"},
        "lastbill": {"account": "111111111-1", "amount": "100", "date": "2022-01-01"},
        "test": {"scenario": "test_residential"},
        "sso": {"username": "test_residential", "password": "test_residential"},
    },
    "test_commercial": {
        "account": {"account": "222222222-2"},
        "phone": {"phone": "+22222222222"},
        "email": {"email": "acmecorp@example.com"},
        "address": {"address": "222 MAIN ST BLDG, ANYTOWN, NY 12345"},
        "lastbill": {"account": "222222222-2", "amount": "200", "date": "2022-02-02"},
        "test": {"scenario": "test_commercial"},
        "sso": {"username": "test_commercial", "password": "test_commercial"},
    },
}
CONTENT = {
    "test_residential": {"accounts": {"111111111-1"}, "kinds": ["electric", "gas", "water"]},
    "test_commercial": {
        "accounts": {"222222222-2", "222222222-3"},
        "kinds": ["electric", "electric", "electric", "gas", "water"],
    },
}
NEEDS_CODE = tuple(way.name for way in signing_in.WAYS if way.needs_code)


@dataclass(frozen=True)
class Story:
    """One customer signing in one way; `prefilled` puts the value into the scope."""

    way: str
    customer: str
    prefilled: bool = False

    @property
    def scope(self) -> str:
        """A short history keeps the feeds small."""
        option = f"auth-{self.way}"
        if self.prefilled and self.way != "sso":
            option += "-" + quote(next(iter(self.answers.values())), safe="+")
        return f"FB=4_16_51;HistoryLength=8000000;AdditionalScope={option}"

    @property
    def answers(self) -> dict[str, str]:
        """What the customer types."""
        return FACTS[self.customer][self.way]
