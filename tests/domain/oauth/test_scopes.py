"""Scope strings: documented examples, error messages, and the grammar as properties."""

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.domain.consent.function_blocks import FUNCTION_BLOCKS
from mock_server.domain.errors import InvalidScope
from mock_server.domain.oauth.scopes import Authentication, Scope, parse_scope, print_scope
from mock_server.domain.signing_in import WAYS

WAY_NAMES = [way.name for way in WAYS]
DOCUMENTED = {
    "FB=4_46": Scope(function_blocks=(4, 46)),
    "FB=4_16_51;AdditionalScope=auth-test-test_residential": Scope(
        function_blocks=(4, 16, 51), authentication=Authentication(way="test", value="test_residential")
    ),
    "FB=4_16_51;AdditionalScope=historical-2024-05-09_ongoing-2024-05-23_sou-default_noedit": Scope(
        function_blocks=(4, 16, 51),
        historical_from=date(2024, 5, 9),
        ongoing_until=date(2024, 5, 23),
        scope_of_use="default",
        no_edit=True,
    ),
    "FB=4_16_51;IntervalDuration=900;AdditionalScope=historical-none_ongoing-none_sou-default_noedit": Scope(
        function_blocks=(4, 16, 51),
        interval_durations=("900",),
        no_historical=True,
        no_ongoing=True,
        scope_of_use="default",
        no_edit=True,
    ),
    "FB=4_16_51;AdditionalScope=noedit_meters-all": Scope(
        function_blocks=(4, 16, 51), no_edit=True, all_meters=True
    ),
    "FB=1_3_4_5_13_14_39;IntervalDuration=3600;BlockDuration=monthly;HistoryLength=13": Scope(
        function_blocks=(1, 3, 4, 5, 13, 14, 39),
        interval_durations=("3600",),
        block_durations=("monthly",),
        history_length=13,
    ),
    "FB=36_40": Scope(function_blocks=(36, 40)),
    "FB=1_3_4_5_10_11_35;BlockDuration=daily;BR=1": Scope(
        function_blocks=(1, 3, 4, 5, 10, 11, 35), block_durations=("daily",), bulk_ids=("1",)
    ),
}

OPTIONS_OF_THE_DOCUMENTATION = {
    "auth-sso": Authentication(way="sso"),
    "auth-account-111111111-1": Authentication(way="account", value="111111111-1"),
    "auth-phone-5554443333": Authentication(way="phone", value="5554443333"),
    "auth-phone-+11111111111": Authentication(way="phone", value="+11111111111"),
    "auth-email-joe%40example.com": Authentication(way="email", value="joe@example.com"),
    "auth-address-123%20Main%20St%2C%20Anytown%2C%20CA%2012345": Authentication(
        way="address", value="123 Main St, Anytown, CA 12345"
    ),
    "auth-lastbill-111111111-1": Authentication(way="lastbill", value="111111111-1"),
    "auth-test-test_residential": Authentication(way="test", value="test_residential"),
    "auth-test-test_residential+anything": Authentication(way="test", value="test_residential+anything"),
}


def options(text: str) -> Scope:
    return parse_scope(f"FB=4;AdditionalScope={text}")


def authentication(text: str) -> Authentication | None:
    return options(text).authentication


def error_message(text: str) -> str:
    with pytest.raises(InvalidScope) as caught:
        parse_scope(text)
    return caught.value.message


@pytest.mark.parametrize(("text", "scope"), DOCUMENTED.items())
def test_a_documented_scope_is_read_and_printed_as_documented(text: str, scope: Scope) -> None:
    assert parse_scope(text) == scope
    assert print_scope(scope) == text


@pytest.mark.parametrize(("option", "expected"), OPTIONS_OF_THE_DOCUMENTATION.items())
def test_a_documented_way_to_authenticate_is_read_and_printed_as_documented(
    option: str, expected: Authentication
) -> None:
    assert authentication(option) == expected
    assert (
        print_scope(Scope(function_blocks=(4,), authentication=expected)) == f"FB=4;AdditionalScope={option}"
    )


@pytest.mark.parametrize("way", WAY_NAMES)
@pytest.mark.parametrize("ending", ["", "-"])
def test_a_way_without_a_value_leaves_it_to_the_customer(way: str, ending: str) -> None:
    assert authentication(f"auth-{way}{ending}") == Authentication(way=way)


def test_every_parameter_sets_its_field() -> None:
    text = (
        "FB=4_39;HistoryLength=63072000;PreferredAuthEndDate=0;SubscriptionFrequency=7;AccountCollection=03;"
        "BR=1;BR=ab-2;IntervalDuration=0300_900_3600;BlockDuration=BillingPeriod_Weekly_Monthly"
    )
    assert parse_scope(text) == Scope(
        function_blocks=(4, 39),
        history_length=63072000,
        preferred_end=0,
        subscription_frequency="7",
        account_collection=3,
        bulk_ids=("1", "ab-2"),
        interval_durations=("300", "900", "3600"),
        block_durations=("billingPeriod", "weekly", "monthly"),
    )


def test_function_blocks_keep_their_order_without_duplicates() -> None:
    assert parse_scope("FB=51_4_16_04_51").function_blocks == (51, 4, 16)


def test_unknown_function_blocks_are_accepted() -> None:
    assert parse_scope("FB=4_9999").function_blocks == (4, 9999)


def test_empty_parts_are_dropped() -> None:
    assert parse_scope(";;FB=4;;AdditionalScope=;") == Scope(function_blocks=(4,))


def test_parameter_names_and_frequencies_are_read_in_any_case() -> None:
    scope = parse_scope("fb=4;historylength=0;SUBSCRIPTIONFREQUENCY=BILLINGPERIOD;additionalscope=noedit")
    assert (
        print_scope(scope)
        == "FB=4;HistoryLength=0;SubscriptionFrequency=billingPeriod;AdditionalScope=noedit"
    )


def test_unknown_parameters_are_preserved() -> None:
    scope = parse_scope("MinAuthEndDate=a=b_%41;FB=4;login=;Login=guest")
    assert scope.other_parameters == (("MinAuthEndDate", "a=b_%41"), ("login", ""), ("Login", "guest"))
    assert print_scope(scope) == "FB=4;MinAuthEndDate=a=b_%41;login=;Login=guest"


def test_leading_unknown_options_are_preserved() -> None:
    scope = options("new_noedits_noedit")
    assert scope.other_options == ("new", "noedits")
    assert scope.no_edit


@pytest.mark.parametrize(
    ("length", "seconds"),
    [(None, None), (0, 0), (13, 34128000), (24, 63072000), (36, 94608000), (120, 315360000), (121, 121)],
)
def test_a_small_history_length_counts_months(length: int | None, seconds: int | None) -> None:
    assert Scope(function_blocks=(4,), history_length=length).history_seconds == seconds


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("auth-test-a_b_noedits_xnoedit_auth", "a_b_noedits_xnoedit_auth"),
        ("auth-test-a%5Fnoedit_b", "a_noedit_b"),
        ("auth-test-a%5fauth-sso", "a_auth-sso"),
        ("auth-test-_", "_"),
        ("auth-test-a_", "a_"),
        ("auth-test-noedit", "noedit"),
        ("auth-test--a", "-a"),
    ],
)
def test_underscores_inside_an_auth_value_belong_to_it(option: str, value: str) -> None:
    for text in (option, f"{option}_noedit", f"noedit_{option}_meters-all"):
        assert authentication(text) == Authentication(way="test", value=value)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("a_noedit", "a%5Fnoedit"),
        ("_noedit_b_c", "%5Fnoedit_b_c"),
        ("a_auth-sso_sou-1", "a%5Fauth-sso%5Fsou-1"),
        ("a_noedits", "a_noedits"),
        ("%5Fnoedit", "%255Fnoedit"),
        ("a;b=c", "a%3Bb%3Dc"),
        ("100%", "100%25"),
        ('"\\', "%22%5C"),
        ("Rue de l'Été", "Rue%20de%20l%27%C3%89t%C3%A9"),
    ],
)
def test_the_printer_encodes_what_would_be_misread(value: str, printed: str) -> None:
    scope = Scope(function_blocks=(4,), authentication=Authentication(way="test", value=value))
    assert print_scope(scope) == f"FB=4;AdditionalScope=auth-test-{printed}"
    assert parse_scope(print_scope(scope)) == scope


@pytest.mark.parametrize(
    ("encoded", "value"),
    [
        ("joe@example.com", "joe@example.com"),
        ("1 Main St, Anytown", "1 Main St, Anytown"),
        ("a=b", "a=b"),
        ("1%20Main%3B%3D", "1 Main;="),
        ("100%", "100%"),
        ("100%zz%4", "100%zz%4"),
        ("%2541", "%41"),
        ("%C3%89té 😀", "Été 😀"),
    ],
)
def test_an_auth_value_is_decoded_once(encoded: str, value: str) -> None:
    assert authentication(f"auth-address-{encoded}") == Authentication(way="address", value=value)


def test_a_phone_number_may_have_a_plus_that_was_decoded_as_a_space() -> None:
    assert authentication("auth-phone- 11111111111") == Authentication(way="phone", value="11111111111")
    assert authentication("auth-phone- ") == Authentication(way="phone")


def test_other_values_keep_their_spaces() -> None:
    assert authentication("auth-address- 1 Main") == Authentication(way="address", value=" 1 Main")


@pytest.mark.parametrize(
    ("text", "named", "received", "instead"),
    [
        ("", "no FB", "''", "FB=4_16_51"),
        ("HistoryLength=0", "no FB", "'HistoryLength=0'", "FB=4_16_51"),
        ("FB", "not a name and a value", "'FB'", "Name=Value"),
        ("Read/Write", "not a name and a value", "'Read/Write'", "Name=Value"),
        ("FB=4;=5", "not a name and a value", "'=5'", "Name=Value"),
        ("FB=4;AdditionalScope", "not a name and a value", "'AdditionalScope'", "Name=Value"),
        ("FB=", "FB is not", "''", "FB=4_16_51"),
        ("FB=????", "FB is not", "'????'", "FB=4_16_51"),
        ("FB=read/write", "FB is not", "'read/write'", "FB=4_16_51"),
        ("FB=4_", "FB is not", "'4_'", "FB=4_16_51"),
        ("FB=4__16", "FB is not", "'4__16'", "FB=4_16_51"),
        ("FB=0", "FB is not", "'0'", "FB=4_16_51"),
        ("FB=-4", "FB is not", "'-4'", "FB=4_16_51"),
        ("FB=12345", "FB is not", "'12345'", "FB=4_16_51"),
        ("FB=4;fb=5", "2 times", "'FB'", "once"),
        ("FB=4;new=1;new=1", "2 times", "'new'", "once"),
        ("FB=4;AdditionalScope=noedit;AdditionalScope=meters-all", "2 times", "'AdditionalScope'", "once"),
        ("FB=4;AdditionalScope=historical-none_historical-2024-01-01", "2 times", "'historical'", "once"),
        ("FB=4;AdditionalScope=noedit_noedit_noedit", "3 times", "'noedit'", "once"),
        ("FB=4;HistoryLength=", "HistoryLength is not", "''", "HistoryLength=63072000"),
        ("FB=4;HistoryLength=2y", "HistoryLength is not", "'2y'", "HistoryLength=63072000"),
        ("FB=4;PreferredAuthEndDate=2030-01-01", "PreferredAuthEndDate is not", "'2030-01-01'", "1893456000"),
        ("FB=4;PreferredAuthEndDate=18934560000", "at most ten digits", "'18934560000'", "1893456000"),
        ("FB=4;AccountCollection=-1", "AccountCollection is not", "'-1'", "AccountCollection=3"),
        ("FB=4;SubscriptionFrequency=hourly", "SubscriptionFrequency is", "'hourly'", "billingPeriod"),
        ("FB=4;SubscriptionFrequency=daily_weekly", "SubscriptionFrequency is", "'daily_weekly'", "weekly"),
        ("FB=4;IntervalDuration=900_15min", "IntervalDuration is", "'15min'", "daily"),
        ("FB=4;BlockDuration=", "BlockDuration is", "''", "daily"),
        ("FB=4;BR=", "BR is not", "''", "BR=1"),
        ("FB=4;BR=1_2", "BR is not", "'1_2'", "BR=1"),
        ("FB=4;AdditionalScope=_noedit", "empty option", "'_noedit'", "one underscore"),
        ("FB=4;AdditionalScope=new__noedit", "empty option", "'new__noedit'", "one underscore"),
        ("FB=4;AdditionalScope=noedit_new", "unknown option after noedit", "'noedit_new'", "sou-"),
        ("FB=4;AdditionalScope=noedit_", "unknown option after noedit", "'noedit_'", "auth-"),
        ("FB=4;AdditionalScope=meters-1", "meters", "'meters-1'", "meters-all"),
        ("FB=4;AdditionalScope=meters-", "meters", "'meters-'", "meters-all"),
        (
            "FB=4;AdditionalScope=historical-2024-02-30",
            "historical-",
            "'historical-2024-02-30'",
            "YYYY-MM-DD",
        ),
        ("FB=4;AdditionalScope=historical-20240509", "historical-", "'historical-20240509'", "YYYY-MM-DD"),
        ("FB=4;AdditionalScope=historical-", "historical-", "'historical-'", "historical-none"),
        ("FB=4;AdditionalScope=ongoing-2024-W01-1", "ongoing-", "'ongoing-2024-W01-1'", "ongoing-none"),
        ("FB=4;AdditionalScope=ongoing-none_x", "ongoing-", "'ongoing-none_x'", "ongoing-none"),
        ("FB=4;AdditionalScope=sou-", "no id after sou-", "'sou-'", "sou-default"),
        ("FB=4;AdditionalScope=auth-", "way to authenticate", "'auth-'", "sso, account"),
        ("FB=4;AdditionalScope=auth-fax-1", "way to authenticate", "'auth-fax-1'", "lastbill, test"),
        ("FB=4;AdditionalScope=auth-account_number-1", "way to", "'auth-account_number-1'", "account"),
        ("FB=4;AdditionalScope=auth-sso-x", "after auth-sso", "'auth-sso-x'", "Write auth-sso."),
        ("FB=4;AdditionalScope=auth-email-%FF", "not UTF-8", "'auth-email-%FF'", "%40"),
        ("FB=4;AdditionalScope=auth-email-%C3é", "not UTF-8", "'auth-email-%C3?'", "%40"),
        ("FB=4;AdditionalScope=auth-email-%ED%A0%80", "not UTF-8", "'auth-email-%ED%A0%80'", "%40"),
        ("FB=4;AdditionalScope=auth-email-a%0Ab", "(U+000A)", "'auth-email-a%0Ab'", "visible"),
        ("FB=4;AdditionalScope=auth-email-a\nb", "(U+000A)", "'AdditionalScope=auth-email-a?b'", "visible"),
        ("FB=4;AdditionalScope=auth-email-\ud800", "(U+D800)", "email-?'", "visible"),
        ("FB=4\tFB=5", "(U+0009)", "'FB=4?FB=5'", "visible"),
        ("FB=4 FB=5", "A space separates", "'FB=4 FB=5'", "semicolons"),
        ("read write", "A space separates", "'read write'", "semicolons"),
        ("FB=4; HistoryLength=0", "A space separates", "' HistoryLength=0'", "%20"),
        ("FB=4;AdditionalScope=sou-my use", "A space separates", "'sou-my use'", "%20"),
        ("FB=4;AdditionalScope=noedit FB=5", "A space separates", "'noedit FB=5'", "semicolons"),
        ("FB=4;AdditionalScope=historical-none ", "A space separates", "'historical-none '", "semicolons"),
        ("FB=٤", "(U+0664)", "'FB=?'", "ASCII"),  # a digit to Python, but not ASCII
        ("FB=4;bloc\u212aDuration=1", "(U+212A)", "'bloc?Duration=1'", "ASCII"),
        ('FB=4;new="', "(U+0022)", "'new=?'", "quotation marks"),
        ("FB=4;AdditionalScope=sou-\\", "(U+005C)", "'sou-?'", "backslashes"),
    ],
)
def test_an_error_names_and_quotes_the_part_and_says_what_to_write(
    text: str, named: str, received: str, instead: str
) -> None:
    problem, _, advice = error_message(text).partition("'. ")
    assert named in problem
    assert received in f"{problem}'"
    assert instead in advice


def test_the_longest_scope_has_two_thousand_characters() -> None:
    longest = "FB=4;new=".ljust(2_000, "x")
    assert print_scope(parse_scope(longest)) == longest
    assert "2001 characters" in error_message(longest + "x")


def test_the_length_limit_includes_percent_encoding() -> None:
    assert "percent-encoding included" in error_message(
        "FB=4;AdditionalScope=auth-address-".ljust(1_500, " ")
    )


@pytest.mark.parametrize(
    "piece", ["x", "FB=4;", "_", "%", "é", "\ud800", "\x00", "9", "FB=4;AdditionalScope=_noedit"]
)
def test_a_hundred_kilobytes_get_a_short_error(piece: str) -> None:
    assert len(error_message(piece * (100_000 // len(piece)))) < 300


@pytest.mark.parametrize(
    "text",
    ["code=1", "FB=code=", "FB=4;HistoryLength=code=1", "xcode=code=;", "FB=4;AdditionalScope=auth-code="],
)
def test_an_error_never_looks_like_a_code(text: str) -> None:
    message = error_message(text)
    assert "code=" not in message
    assert "code =" in message


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"function_blocks": ()}, "FB is not"),
        ({"function_blocks": (4, 4)}, "another function_blocks"),
        ({"history_length": -1}, "HistoryLength is not"),
        ({"subscription_frequency": "Daily"}, "another subscription_frequency"),
        ({"interval_durations": ("900_3600",)}, "another interval_durations"),
        ({"interval_durations": ("",)}, "another interval_durations"),
        ({"historical_from": date(2024, 5, 9), "no_historical": True}, "2 times: 'historical'"),
        ({"ongoing_until": date(2024, 5, 9), "no_ongoing": True}, "2 times: 'ongoing'"),
        ({"scope_of_use": "a_noedit"}, "another no_edit"),
        ({"scope_of_use": ""}, "no id after sou-"),
        ({"other_options": ("noedit",)}, "another no_edit"),
        ({"other_options": ("a_b",)}, "another other_options"),
        ({"other_options": ("",)}, "another other_options"),
        ({"other_parameters": (("fb", "4"),)}, "2 times: 'FB'"),
        ({"other_parameters": (("historylength", "4"),)}, "another history_length"),
        ({"other_parameters": (("a=b", "c"),)}, "another other_parameters"),
        ({"authentication": Authentication(way="fax")}, "way to authenticate"),
        ({"authentication": Authentication(way="sso", value="x")}, "after auth-sso"),
        ({"authentication": Authentication(way="email", value="")}, "another authentication"),
        ({"authentication": Authentication(way="phone", value=" 1")}, "another authentication"),
        ({"authentication": Authentication(way="email", value="\ud800")}, "not UTF-8"),
        ({"authentication": Authentication(way="email", value="\n")}, "(U+000A)"),
    ],
)
def test_a_scope_that_no_string_can_express_is_rejected(fields: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidScope, match=re.escape(named)):
        Scope(**{"function_blocks": (4,), **fields})  # type: ignore[arg-type]  # invalid on purpose


def test_every_defined_function_block_has_a_short_name() -> None:
    assert set(FUNCTION_BLOCKS) == {*range(1, 20), 27, 28, 29, *range(31, 45), *range(46, 71)}
    assert all(0 < len(name) <= 50 for name in FUNCTION_BLOCKS.values())
    assert len(set(FUNCTION_BLOCKS.values())) == len(FUNCTION_BLOCKS)


# Properties. Lists are short so that percent-encoding never exceeds the length limit.

SURPRISES = (
    "_noedit", "_auth-test-x", "_sou-", "_meters-all", "_historical-none", "noedit", "_", "-", "%5F", "%FF",
    "%C3%A9", "%zz", "%4", "%", "%25", ";", "=", "+", " ", "@", ",", "é", "😀", "\u00a0", "\u200b",
    "code=", "FB=",
)  # fmt: skip
TOKEN = st.text("!#$%&'()*+,-./:<>?@[]^`{|}~09AZaz", min_size=1, max_size=10)
NUMBER = st.integers(0, 10**10 - 1)
DURATION = st.sampled_from(["billingPeriod", "daily", "monthly", "seasonal", "weekly"]) | NUMBER.map(str)
DURATIONS = st.lists(DURATION, max_size=4).map(tuple)
WRITABLE = st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])
AUTH_VALUE = st.lists(st.sampled_from(SURPRISES) | st.text(WRITABLE, max_size=4), min_size=1, max_size=8).map(
    "".join
)


def starts_an_option(piece: str) -> bool:
    return piece == "noedit" or piece.startswith(("meters-", "historical-", "ongoing-", "sou-", "auth-"))


def to_authentication(way: str, value: str) -> Authentication:
    normalized = "" if way == "sso" else value.strip() if way == "phone" else value
    return Authentication(way=way, value=normalized or None)


def to_days(name: str, none: str) -> st.SearchStrategy[dict[str, date | bool | None]]:
    days = st.tuples(st.dates(), st.just(False)) | st.tuples(st.none(), st.booleans())
    return days.map(lambda day: {name: day[0], none: day[1]})


SCOPE_OF_USE = (
    st.lists(TOKEN, min_size=1, max_size=3)
    .map("_".join)
    .filter(lambda text: not any(starts_an_option(piece) for piece in text.split("_")[1:]))
)
OTHER_NAME = TOKEN.filter(lambda name: name.lower() not in {"fb", "br"})
SCOPES = st.builds(
    lambda historical, ongoing, **fields: Scope(**fields, **historical, **ongoing),
    function_blocks=st.lists(st.integers(1, 9999), min_size=1, max_size=8, unique=True).map(tuple),
    history_length=st.none() | NUMBER,
    preferred_end=st.none() | NUMBER,
    subscription_frequency=st.none() | DURATION,
    interval_durations=DURATIONS,
    block_durations=DURATIONS,
    account_collection=st.none() | NUMBER,
    bulk_ids=st.lists(st.text("-09AZaz", min_size=1, max_size=8), max_size=3).map(tuple),
    no_edit=st.booleans(),
    all_meters=st.booleans(),
    historical=to_days("historical_from", "no_historical"),
    ongoing=to_days("ongoing_until", "no_ongoing"),
    scope_of_use=st.none() | SCOPE_OF_USE,
    authentication=st.none() | st.builds(to_authentication, st.sampled_from(WAY_NAMES), AUTH_VALUE),
    other_parameters=st.dictionaries(OTHER_NAME, st.just("") | TOKEN, max_size=3).map(dict.items).map(tuple),
    other_options=st.lists(TOKEN.filter(lambda text: not starts_an_option(text)), max_size=3).map(tuple),
)
FRAGMENTS = (
    "FB=4", "FB=", "BR=1", "HistoryLength=", "IntervalDuration=", "AdditionalScope=", "daily", "900", "none",
    "2024-01-01", "meters-", "historical-", "ongoing-", "sou-", "auth-", "\n", "\ud800", *WAY_NAMES, *SURPRISES,
)  # fmt: skip
SCOPE_LIKE = st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join)
BEGINNING = st.sampled_from(
    ["", "FB=4_16;", "FB=4;AdditionalScope=", *(f"FB=4;AdditionalScope=auth-{way}-" for way in WAY_NAMES)]
)
ANY_TEXT = st.builds("".join, st.tuples(BEGINNING, SCOPE_LIKE | st.text(st.characters())))


def parse_or_error(text: str) -> Scope | InvalidScope:
    try:
        return parse_scope(text)
    except InvalidScope as error:
        return error


@settings(derandomize=True, max_examples=500)
@given(SCOPES)
def test_a_printed_scope_parses_to_an_equal_scope(scope: Scope) -> None:
    assert parse_scope(print_scope(scope)) == scope


@settings(derandomize=True)
@given(SCOPES)
def test_a_printed_scope_is_one_oauth_scope_token(scope: Scope) -> None:
    assert re.fullmatch(r"[\x21\x23-\x5B\x5D-\x7E]{1,2000}", print_scope(scope))


@settings(derandomize=True, max_examples=1_000)
@given(ANY_TEXT)
def test_any_text_is_parsed_or_gets_an_error_that_fits_into_a_redirect(text: str) -> None:
    outcome = parse_or_error(text)
    if isinstance(outcome, InvalidScope):
        assert "code=" not in outcome.message
        assert re.fullmatch(r"[\x20\x21\x23-\x5B\x5D-\x7E]{20,300}", outcome.message)


@settings(derandomize=True, max_examples=1_000)
@given(ANY_TEXT)
def test_printing_a_parsed_scope_is_stable(text: str) -> None:
    outcome = parse_or_error(text)
    if isinstance(outcome, Scope):
        printed = print_scope(outcome)
        assert parse_scope(printed) == outcome
        assert print_scope(parse_scope(printed)) == printed


@settings(derandomize=True)
@given(
    st.lists(st.sampled_from(["a", "", "b-c", "noedits", "auth", "sou", "Noedit", "xmeters-all"]), max_size=6)
)
def test_pieces_that_are_not_options_belong_to_the_value_before_them(pieces: list[str]) -> None:
    value = "_".join(["x", *pieces])
    scope = options(f"sou-1_auth-test-{value}_meters-all_noedit")
    assert scope == options(f"noedit_meters-all_sou-1_auth-test-{value}")
    assert scope.authentication == Authentication(way="test", value=value)
