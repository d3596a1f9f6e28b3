"""FND005's stylesheets: what each function block about data asserts of a customer's feed."""

import pytest

from mock_server.espi.check.check import check_document
from mock_server.espi.check.rules.function_blocks import DEMANDS
from tests.certification.suite import R, schema
from tests.support import Third

EVERYTHING = "1_3_4_5_6_7_8_9_10_11_12_13_14_15_16_17_27_28_51"
# Function block and a customer who has what it is about.
DATA = [
    (1, "test_residential"),
    (4, "test_residential"),
    (5, "test_residential"),
    (6, "test_commercial"),
    (7, "test_solar"),
    (8, "test_solar"),
    (10, "test_residential"),
    (11, "test_residential"),
    (12, "test_residential"),
    (15, "test_residential"),
    (16, "test_residential"),
    (17, "test_residential"),
    (27, "test_commercial"),
    (28, "test_residential"),
]


@pytest.mark.parametrize(("block", "customer"), [pytest.param(*one, id=f"FB_{one[0]:02}") for one in DATA])
def test_a_feed_satisfies_the_function_block(third: Third, block: int, customer: str) -> None:
    # Costs are asked of every block of a feed, and demand has none: they are claimed of a feed without it.
    requested = "4_12" if block == 12 else EVERYTHING
    scope = f"FB={requested};HistoryLength=4000000;AdditionalScope=auth-test-{customer}"
    issued = third.tokens(customer, scope)
    answer = third.get(f"{R}/Batch/Subscription/{issued.authorization.uid}", issued.access_token)
    report = check_document([answer.content], function_blocks=frozenset({block}), schema=schema())
    assert [(one.rule.id, one.message) for one in report.findings if one.rule.severity == "error"] == []
    assert block in DEMANDS
