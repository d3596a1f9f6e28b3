"""The fixtures hold every fact of the utility's page, the code none, and a mistake is told with its place."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from mock_server.core.records import Customer
from mock_server.fixtures import FixtureMistake, Fixtures, bundled_folder, load_fixtures

PACKAGE = Path(__file__).parent.parent / "mock_server"
# What the utility's public page says, on purpose written down here a second time.
PAGE = {
    "test_residential": {
        "account": "111111111-1",
        "phone": "+11111111111",
        "email": "heather.homeowner@example.com",
        "address": "111 ANYWHERE ST, ANYTOWN, NY 12345",
        "last bill": "111111111-1, 100, 2022-01-01",
        "content": (1, {"electric": 1, "gas": 1, "water": 1}),
    },
    "test_commercial": {
        "account": "222222222-2",
        "phone": "+22222222222",
        "email": "acmecorp@example.com",
        "address": "222 MAIN ST BLDG, ANYTOWN, NY 12345",
        "last bill": "222222222-2, 200, 2022-02-02",
        "content": (2, {"electric": 3, "gas": 1, "water": 1}),
    },
}


def told(customer: Customer) -> dict[str, object]:
    bill = customer.last_bill
    kinds = [service.kind for _, service in customer.services()]
    return {
        "account": customer.accounts[0].number,
        "phone": customer.phone,
        "email": customer.email,
        "address": str(customer.accounts[0].billing_address),
        "last bill": f"{bill.account_number}, {bill.amount}, {bill.statement_date}" if bill else None,
        "content": (len(customer.accounts), {kind: kinds.count(kind) for kind in sorted(set(kinds))}),
    }


@pytest.mark.parametrize("customer_id", PAGE)
def test_the_customers_are_as_the_page_says(fixtures: Fixtures, customer_id: str) -> None:
    [customer] = [one for one in fixtures.customers if one.id == customer_id]
    assert told(customer) == PAGE[customer_id]
    assert (customer.password, customer.is_test_account) == (customer_id, True)


def test_the_utility_and_its_public_client_are_as_the_page_says(fixtures: Fixtures) -> None:
    assert fixtures.utility.id == "DEMOUTILITY"
    assert fixtures.utility.website == "https://greenbutton.demoutility.com/"
    [client] = [one for one in fixtures.clients if one.id == fixtures.utility.default_client]
    assert (client.id, client.company_name, client.mode) == (
        "DEMOUTILITY_ccccccccc",
        "Test Company",
        "sandbox",
    )


def test_no_fact_of_the_page_stands_in_the_code() -> None:
    facts = ["DEMOUTILITY_ccccccccc", "Test Company", "greenbutton.demoutility.com", "HEATHER", "ACME CORP"]
    facts += [str(fact) for page in PAGE.values() for name, fact in page.items() if name != "content"]
    for path in PACKAGE.rglob("*.*"):
        if path.suffix in (".py", ".html"):
            text = path.read_text(encoding="utf-8")
            assert [fact for fact in facts if fact in text] == [], path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the fixtures to spoil."""
    return Path(shutil.copytree(bundled_folder(), tmp_path / "mine"))


def spoil(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def write(name: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    return change


CUSTOMER = "customers/test_residential.yaml"
LARGE = "made_up/test_large.yaml"


@pytest.mark.parametrize(
    ("change", "hints"),
    [
        (spoil(CUSTOMER, "kind: electric", "kind: steam"), [CUSTOMER, "accounts", "electric"]),
        (spoil(CUSTOMER, "phone:", "phnoe:"), [CUSTOMER, "phnoe"]),
        (spoil(CUSTOMER, '"+11111111111"', "5554443333"), [CUSTOMER, "phone"]),
        (spoil(CUSTOMER, "America/New_York", "Mars/Olympus"), [CUSTOMER, "time_zone", "Mars/Olympus"]),
        (spoil(CUSTOMER, "2022-01-01", "2022-13-01"), [CUSTOMER, "statement_date"]),
        (
            spoil(CUSTOMER, "- number: 111111111-1", '- number: "=1+1"'),
            [CUSTOMER, "accounts.0.number", "hyphens"],
        ),
        (spoil(CUSTOMER, "account_number: 111111111-1", "account_number: 1-"), [CUSTOMER, "last_bill"]),
        (spoil(LARGE, "- count: 10", '- number: "+1"'), [LARGE, "accounts.0.number", "hyphens"]),
        (spoil(CUSTOMER, "RES-2-TIER", "RES-9"), ["test_residential", "RES-9"]),
        (spoil(CUSTOMER, "id: test_residential", "id: test_commercial"), ["test_commercial"]),
        (write("customers/second.yaml", "- a\n- b\n"), ["customers/second.yaml"]),
        (write("customers/second.yaml", "a: [1\n"), ["customers/second.yaml", "line"]),
        (write("customers/second.yaml", "\x00"), ["customers/second.yaml"]),
        (spoil("utility.yaml", "default_client:", "default_clint:"), ["utility.yaml", "default_clint"]),
        (spoil("clients/test_company.yaml", "FB=4_16_51", "4_16_51"), ["clients/test_company.yaml", "scope"]),
        (spoil(LARGE, "count: 10", "count: 99"), [LARGE, "500", "990"]),
        (spoil(LARGE, "profile: lighting", "profile: disco"), [LARGE, "profile", "disco"]),
        (spoil(LARGE, "id: test_large", "# no id"), ["made_up", "no id"]),
        (spoil(LARGE, "id: test_large", "id: test_solar"), ["test_solar", "twice"]),
        (spoil(LARGE, "\naccounts:", "\nservices: []\naccounts:"), [LARGE, "services", "accounts"]),
        (spoil(LARGE, "- count: 10", "- number: 1-1\n    count: 10"), [LARGE, "accounts.0", "number"]),
        (spoil(LARGE, "profile: lighting", "tariff: RES-GAS"), ["test_large", "RES-GAS"]),
        (spoil("utility.yaml", "tariff: COM-WATER", "tariff: WATER"), ["utility.yaml", "made_up", "WATER"]),
        (spoil("utility.yaml", "kind: water", "kind: gas"), ["utility.yaml", "made_up", "water"]),
        (lambda folder: (folder / "utility.yaml").unlink(), ["utility.yaml"]),
        (lambda folder: shutil.rmtree(folder), ["mine"]),
    ],
)
def test_a_mistake_names_file_place_and_expectation(
    folder: Path, change: Callable[[Path], None], hints: list[str]
) -> None:
    load_fixtures(folder)
    change(folder)
    with pytest.raises(FixtureMistake) as caught:
        load_fixtures(folder)
    for hint in hints:
        assert hint in str(caught.value)


def test_the_large_customer_has_a_hundred_services_and_each_is_one_of_a_kind(fixtures: Fixtures) -> None:
    [large] = [one for one in fixtures.customers if one.id == "test_large"]
    services = [service for _, service in large.services()]
    assert len(large.accounts) == 10
    assert len({one.id for one in services}) == len({one.meter_serial for one in services}) == 100
    kinds = [one.kind for one in services]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"electric": 60, "gas": 20, "water": 20}
    assert len({account.number for account in large.accounts}) == 10
    assert len({str(account.services[0].address) for account in large.accounts}) == 10
    assert large.last_bill
    assert large.last_bill.account_number == large.accounts[0].number


def test_the_seed_decides_who_made_up_customers_are_and_changes_nobody_else() -> None:
    one, same, other = (load_fixtures(bundled_folder(), seed=seed) for seed in ("a", "a", "b"))
    assert one == same
    changed = [found.id for found, was in zip(one.customers, other.customers, strict=True) if found != was]
    assert changed == ["test_large"]
    assert one.digest != other.digest, "so that a database of another seed is filled anew"


def test_only_the_slow_customer_has_to_be_waited_for(fixtures: Fixtures) -> None:
    assert [one.id for one in fixtures.customers if one.batch_delay_seconds] == ["test_slow"]


def test_a_customer_is_added_with_one_file(folder: Path) -> None:
    text = (folder / "customers" / "test_empty.yaml").read_text(encoding="utf-8")
    mine = (
        text.replace("test_empty", "test_mine")
        .replace("+13333333333", "+17777777777")
        .replace("emma", "mine")
    )
    (folder / "customers" / "mine.yaml").write_text(mine, encoding="utf-8")
    before, after = load_fixtures(bundled_folder()), load_fixtures(folder)
    assert {one.id for one in after.customers} - {one.id for one in before.customers} == {"test_mine"}
    assert after.digest != before.digest
