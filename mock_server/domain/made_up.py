"""People, firms and places that do not exist, drawn from named streams: plausible, and nobody's by design.

Addresses lie in places that the fixtures invented, telephone numbers in the block that is kept for fiction
(555-0100 to 555-0199 of any area), mailboxes at example.com (RFC 2606).
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from mock_server.domain.randomness import Stream
from mock_server.domain.records import Address, CustomerKind, Material, ServiceKind, UsualService

# Names a stream; each draw needs one of its own.
Draw: TypeAlias = Callable[..., Stream]

_HUNDREDTH = Decimal("0.01")


def draw_name(draw: Draw, kind: CustomerKind) -> str:
    """A person's or a firm's name, in capitals as utilities print them."""
    # Faker takes a tenth of a second to load, and most sandboxes never make anybody up.
    from faker import Faker

    faker = Faker("en_US")
    faker.seed_instance(draw("name").integer(2**64))
    name = faker.company() if kind == "commercial" else f"{faker.first_name()} {faker.last_name()}"
    return name.upper()


def draw_address(draw: Draw, material: Material) -> Address:
    """A house in one of the invented places."""
    place = draw("place").choice(material.places)
    number = 100 + draw("house").integer(9800)
    return Address(
        street=f"{number} {draw('street').choice(material.streets)}",
        city=place.city,
        state=material.state,
        postal_code=place.postal_code,
    )


def draw_phone(draw: Draw, material: Material) -> str:
    """A number in E.164 that nobody has."""
    return f"+1{draw('area').choice(material.area_codes)}55501{draw('phone').integer(100):02d}"


def draw_email(draw: Draw, name: str) -> str:
    """A mailbox that nobody has, by the name of who would have it."""
    words = re.findall("[a-z]+", name.casefold())[:3] or ["customer"]
    return f"{'.'.join(words)}{100 + draw('email').integer(900)}@example.com"


def draw_account_number(draw: Draw) -> str:
    """Nine digits and one more, as on the bills of this utility."""
    return f"{100_000_000 + draw('number').integer(900_000_000)}-{draw('check').integer(10)}"


def draw_service_id(draw: Draw) -> str:
    """Five digits and five more."""
    return f"{10_000 + draw('service').integer(90_000)}-{draw('part').integer(100_000):05d}"


def draw_meter_serial(draw: Draw) -> str:
    """Ten digits."""
    return str(10**9 + draw("serial").integer(9 * 10**9))


def draw_service(
    draw: Draw, material: Material, customer: CustomerKind, kind: ServiceKind, *, profile: str | None
) -> UsualService:
    """One of the usual services of that kind; of that profile, where there is one."""
    usual = [one for one in material.services if (one.customer, one.kind) == (customer, kind)]
    return draw("usual").choice([one for one in usual if one.profile == profile] or usual)


def draw_daily_usage(draw: Draw, usual: UsualService) -> Decimal:
    """Between the least and the most, in hundredths."""
    least, most = usual.daily_usage
    return (least + (most - least) * draw("usage").integer(1001) / 1000).quantize(_HUNDREDTH)
