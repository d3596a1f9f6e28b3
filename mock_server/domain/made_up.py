"""Fictional people, companies and addresses, drawn from named random streams.

They look plausible and belong to nobody: places are invented by the fixtures, phone numbers are in the range
reserved for fiction (555-0100 to 555-0199 of any area code), mailboxes are at example.com (RFC 2606).
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from mock_server.domain.randomness import Stream
from mock_server.domain.records import Address, CustomerKind, Material, ServiceKind, UsualService

# Returns the stream of a name; each draw uses a name of its own.
Draw: TypeAlias = Callable[..., Stream]

_HUNDREDTH = Decimal("0.01")


def draw_name(draw: Draw, kind: CustomerKind) -> str:
    """Returns the name of a person or a company, in capitals as utilities print them."""
    # Imported here because Faker takes a tenth of a second to load and most sandboxes do not need it.
    from faker import Faker

    faker = Faker("en_US")
    faker.seed_instance(draw("name").integer(2**64))
    name = faker.company() if kind == "commercial" else f"{faker.first_name()} {faker.last_name()}"
    return name.upper()


def draw_address(draw: Draw, material: Material) -> Address:
    """Returns an address in one of the invented places."""
    place = draw("place").choice(material.places)
    number = 100 + draw("house").integer(9800)
    return Address(
        street=f"{number} {draw('street').choice(material.streets)}",
        city=place.city,
        state=material.state,
        postal_code=place.postal_code,
    )


def draw_phone(draw: Draw, material: Material) -> str:
    """Returns a fictional phone number in E.164 format."""
    return f"+1{draw('area').choice(material.area_codes)}55501{draw('phone').integer(100):02d}"


def draw_email(draw: Draw, name: str) -> str:
    """Returns an email address at example.com, built from the name."""
    words = re.findall("[a-z]+", name.casefold())[:3] or ["customer"]
    return f"{'.'.join(words)}{100 + draw('email').integer(900)}@example.com"


def draw_account_number(draw: Draw) -> str:
    """Returns an account number in the utility's format: nine digits, a hyphen, one digit."""
    return f"{100_000_000 + draw('number').integer(900_000_000)}-{draw('check').integer(10)}"


def draw_service_id(draw: Draw) -> str:
    """Returns a service id: five digits, a hyphen, five digits."""
    return f"{10_000 + draw('service').integer(90_000)}-{draw('part').integer(100_000):05d}"


def draw_meter_serial(draw: Draw) -> str:
    """Returns a meter serial number of ten digits."""
    return str(10**9 + draw("serial").integer(9 * 10**9))


def draw_service(
    draw: Draw, material: Material, customer: CustomerKind, kind: ServiceKind, *, profile: str | None
) -> UsualService:
    """Returns one of the usual services of that kind, with that profile if any of them has it."""
    candidates = [usual for usual in material.services if (usual.customer, usual.kind) == (customer, kind)]
    return draw("usual").choice([usual for usual in candidates if usual.profile == profile] or candidates)


def draw_daily_usage(draw: Draw, usual: UsualService) -> Decimal:
    """Returns a daily usage in bill units between the service's minimum and maximum, in steps of 0.01."""
    least, most = usual.daily_usage
    return (least + (most - least) * draw("usage").integer(1001) / 1000).quantize(_HUNDREDTH)
