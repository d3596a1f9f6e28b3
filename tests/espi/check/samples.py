"""Small valid documents of every kind, and edits that make them invalid."""

from collections.abc import Callable, Sequence
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

HOST = "https://utility.example"
R = f"{HOST}/DataCustodian/espi/1_1/resource"
CERTIFICATE = "https://cert.greenbuttonalliance.org/certificate/11111111-2222-5333-8444-555555555555"
NAMES = {
    "a": "http://www.w3.org/2005/Atom",
    "e": "http://naesb.org/espi",
    "c": "http://naesb.org/espi/customer",
}
NOON = 1_767_268_800
Edit = Callable[[etree._Element], object]


def link(relation: str, href: str, kind: str = "text/html") -> str:
    return f'<link rel="{relation}" href="{href}" type="{kind}"/>'


def entry(path: str, payload: str, related: Sequence[str] = (), *, more: str = "") -> str:
    """An entry at a path below the resource endpoint. The second-to-last segment is its kind."""
    *up, kind, _ = path.split("/")
    links = "".join(
        link("related", target if target.startswith("http") else f"{R}/{target}") for target in related
    )
    return f"""<entry>
<id>urn:uuid:{uuid5(NAMESPACE_URL, R + path)}</id>
{link("self", f"{R}/{path}", f"espi-entry/{kind}")}{link("up", "/".join([R, *up, kind]), f"espi-feed/{kind}")}
{links}
<title>{kind}</title>
<content type="application/xml">{payload}</content>
<published>2026-01-02T00:00:00Z</published><updated>2026-01-03T00:00:00Z</updated>{more}
</entry>"""


def feed(path: str, entries: Sequence[str], prefix: str = "espi") -> str:
    """A feed with the certification link."""
    namespace = NAMES[prefix[0]]
    return f"""<feed xmlns="http://www.w3.org/2005/Atom" xmlns:{prefix}="{namespace}">
<id>urn:uuid:{uuid5(NAMESPACE_URL, R + path)}</id>{link("self", f"{R}/{path}")}{link("related", CERTIFICATE)}
<title>{path.split("/")[0]}</title><updated>2026-01-03T00:00:00Z</updated>
{"".join(entries)}</feed>"""


def espi(name: str, **children: object) -> str:
    """An element of the usage namespace. Children are texts or serialized elements, in order."""
    inner = "".join(
        str(child) if str(child).startswith("<") else f"<espi:{key}>{child}</espi:{key}>"
        for key, child in children.items()
    )
    return f"<espi:{name}>{inner}</espi:{name}>"


def period(name: str, start: int, duration: int) -> str:
    return espi(name, duration=duration, start=start)


def measured(name: str, value: int) -> str:
    return espi(name, powerOfTenMultiplier=0, timeStamp=NOON, uom=72, value=value)


# ---------------------------------------------------------------- usage

# accumulationBehaviour, commodity, flowDirection, kind, uom of each MeterReading, by UsagePoint
READINGS = {
    "1": [
        (4, 1, 1, 12, 72),
        (4, 1, 4, 12, 72),
        (4, 1, 19, 12, 72),
        (1, 1, 1, 12, 72),
        (12, 1, 1, 37, 38),
        (12, 1, 1, 12, 61),
        (12, 1, 1, 12, 63),
        (0, 0, 0, 46, 6),
    ],
    "2": [(4, 7, 1, 12, 169)],
    "3": [(4, 9, 1, 58, 128)],
}


def block(start: int, values: Sequence[int]) -> str:
    readings = [
        espi("IntervalReading", cost=5, period=period("timePeriod", start + 3600 * place, 3600), value=value)
        for place, value in enumerate(values)
    ]
    inner = period("interval", start, 3600 * len(values)) + "".join(readings)
    return f"<espi:IntervalBlock>{inner}</espi:IntervalBlock>"


def reading_entries(point: str, place: int) -> list[str]:
    """A MeterReading with its ReadingType and two blocks."""
    accumulation, commodity, flow, kind, unit = READINGS[point][place]
    base, name = f"Subscription/7/UsagePoint/{point}/MeterReading", f"{point}{place}"
    what = espi(
        "ReadingType",
        accumulationBehaviour=accumulation,
        commodity=commodity,
        currency=840,
        flowDirection=flow,
        intervalLength=3600,
        kind=kind,
        phase=769,
        powerOfTenMultiplier=0,
        uom=unit,
    )
    return [
        entry(
            f"{base}/{name}", "<espi:MeterReading/>", [f"{base}/{name}/IntervalBlock", f"ReadingType/{name}"]
        ),
        entry(f"ReadingType/{name}", what),
        entry(f"{base}/{name}/IntervalBlock/1", block(NOON, (450, 512))),
        entry(f"{base}/{name}/IntervalBlock/2", block(NOON + 7200, (430, 390))),
    ]


def point_entry(number: str, kind: int) -> str:
    base = f"Subscription/7/UsagePoint/{number}"
    collections = ("MeterReading", "UsageSummary", "ElectricPowerUsageSummary", "ElectricPowerQualitySummary")
    related = [f"{base}/{name}" for name in collections] + ["LocalTimeParameters/1"]
    return entry(base, espi("UsagePoint", category=espi("ServiceCategory", kind=kind), status=1), related)


LOCAL_TIME = {
    "dstEndRule": "B40E2000",
    "dstOffset": 3600,
    "dstStartRule": "360E2000",
    "tzOffset": -18000,
}


def summary(kind: str, number: str) -> str:
    content = espi(
        kind,
        billingPeriod=period("billingPeriod", NOON - 2_678_400, 2_678_400),
        billLastPeriod=4_250_000,
        billToDate=310_000,
        costAdditionalLastPeriod=120_000,
        detail=espi("costAdditionalDetailLastPeriod", amount=120_000, note="Town tax", itemKind=5),
        currency=840,
        last=measured("overallConsumptionLastPeriod", 301_000),
        current=measured("currentBillingPeriodOverAllConsumption", 1_782),
        day=measured("currentDayOverallConsumption", 900),
        peak=measured("peakDemand", 2_100),
        previous=measured("previousDayOverallConsumption", 880),
        qualityOfReading=17,
        ratchet=measured("ratchetDemand", 2_500),
        ratchets=period("ratchetDemandPeriod", NOON - 2_678_400, 2_678_400),
        statusTimeStamp=NOON,
        commodity=1,
    )
    return entry(f"Subscription/7/UsagePoint/1/{kind}/{number}", content, ["Subscription/7/UsagePoint/1"])


QUALITY = espi(
    "ElectricPowerQualitySummary",
    **dict.fromkeys(("flickerPlt", "flickerPst", "harmonicVoltage", "longInterruptions", "mainsVoltage"), 1),
    **dict.fromkeys(("powerFrequency", "rapidVoltageChanges", "shortInterruptions"), 2),
    interval=period("summaryInterval", NOON, 86_400),
    **dict.fromkeys(
        ("supplyVoltageDips", "supplyVoltageImbalance", "supplyVoltageVariations", "tempOvervoltage"), 3
    ),
)
USAGE = feed(
    "Batch/Subscription/7",
    [
        point_entry("1", 0),
        point_entry("2", 1),
        point_entry("3", 2),
        entry("LocalTimeParameters/1", espi("LocalTimeParameters", **LOCAL_TIME)),
        *(
            written
            for point, found in READINGS.items()
            for place in range(len(found))
            for written in reading_entries(point, place)
        ),
        summary("UsageSummary", "1"),
        summary("ElectricPowerUsageSummary", "1"),
        entry(
            "Subscription/7/UsagePoint/1/ElectricPowerQualitySummary/1",
            QUALITY,
            ["Subscription/7/UsagePoint/1"],
        ),
    ],
)

# The data that most utilities publish: delivered electricity and bills.
PLAIN = feed(
    "Batch/Subscription/7",
    [
        point_entry("1", 0),
        entry("LocalTimeParameters/1", espi("LocalTimeParameters", **LOCAL_TIME)),
        *reading_entries("1", 0),
        summary("UsageSummary", "1"),
    ],
)

# ---------------------------------------------------------------- authorization

APPLICATION = espi(
    "ApplicationInformation",
    dataCustodianId="DEMO",
    dataCustodianApplicationStatus=2,
    thirdPartyNotifyUri="https://third.example/espi/1_1/Notification",
    authorizationServerAuthorizationEndpoint=f"{HOST}/oauth/authorize",
    authorizationServerTokenEndpoint=f"{HOST}/oauth/token",
    dataCustodianBulkRequestURI=f"{R}/Batch/Bulk/1",
    dataCustodianResourceEndpoint=R,
    client_secret="made up for a test",
    client_name="A third party",
    redirect_uri="https://third.example/callback",
    client_id="third",
    software_id="reader",
    software_version="1",
    client_id_issued_at=NOON,
    client_secret_expires_at=0,
    token_endpoint_auth_method="client_secret_basic",
    scope="FB=4_16",
    grants="<espi:grant_types>authorization_code</espi:grant_types><espi:grant_types>refresh_token</espi:grant_types>",
    response_types="code",
    registration_client_uri=f"{R}/ApplicationInformation/1",
    registration_access_token="made up as well",
)
AUTHORIZATION = espi(
    "Authorization",
    authorized=period("authorizedPeriod", NOON, 31_536_000),
    published=period("publishedPeriod", NOON, 31_536_000),
    status=1,
    expires_at=NOON,
    grant_type="authorization_code",
    scope="FB=4_16",
    token_type="Bearer",
    resourceURI=f"{R}/Batch/Subscription/7",
    authorizationURI=f"{R}/Authorization/7",
)
NAMESPACE = 'xmlns:espi="http://naesb.org/espi"'


def alone(written: str) -> str:
    """A single entry as a document, with the certification link."""
    opened = written.replace("<entry>", f'<entry xmlns="{NAMES["a"]}" {NAMESPACE}>', 1)
    return opened.replace("<title>", f"{link('related', CERTIFICATE)}<title>", 1)


# ---------------------------------------------------------------- customers


def cust(text: str) -> str:
    """XML of the customer namespace, with the prefix added to each name."""
    return text.replace("</", "\0").replace("<", "<cust:").replace("\0", "</cust:")


C = "RetailCustomer/7/Customer"
A = f"{C}/1/CustomerAccount"
G = f"{A}/1/CustomerAgreement"
L = f"{G}/1/ServiceLocation"
ADDRESS = (
    "<streetDetail><addressGeneral>1 Any St</addressGeneral></streetDetail><townDetail><name>Anytown</name>"
    "<stateOrProvince>NY</stateOrProvince></townDetail><postalCode>12345</postalCode>"
)
TIMES = "".join(f"<{name}>{value}</{name}>" for name, value in LOCAL_TIME.items())
CUSTOMER = feed(
    "Batch/RetailCustomer/7",
    [
        entry(
            "LocalTimeParameters/9", cust(f"<LocalTimeParameters>{TIMES}</LocalTimeParameters>"), [f"{C}/1"]
        ),
        entry(
            f"{C}/1",
            cust(
                f"<Customer><Organisation><streetAddress>{ADDRESS}</streetAddress></Organisation>"
                "<kind>residential</kind><customerName>Pat Anybody</customerName></Customer>"
            ),
            [A],
        ),
        entry(f"{A}/1", cust("<CustomerAccount><accountId>1-1</accountId></CustomerAccount>"), [G, f"{C}/1"]),
        entry(
            f"{G}/1",
            cust(
                "<CustomerAgreement><signDate>1767268800</signDate><agreementId>5</agreementId></CustomerAgreement>"
            ),
            [L, f"{G}/1/ServiceLocation", f"{G}/1/ServiceSupplier", f"{A}/1"],
        ),
        entry(
            f"{G}/1/ServiceSupplier/1",
            cust("<ServiceSupplier><kind>utility</kind></ServiceSupplier>"),
            [f"{G}/1"],
        ),
        entry(
            f"{L}/1",
            cust(
                f"<ServiceLocation><mainAddress>{ADDRESS}</mainAddress><UsagePoints>"
                f"<UsagePoint>{R}/Subscription/7/UsagePoint/1</UsagePoint></UsagePoints></ServiceLocation>"
            ),
            [f"{L}/1/Meter", f"{G}/1"],
        ),
        entry(
            f"{L}/1/Meter/1",
            cust(
                "<Meter><serialNumber>55</serialNumber><MeterMultipliers><kind>kR</kind><value>1.5</value>"
                "</MeterMultipliers><intervalLength>900</intervalLength></Meter>"
            ),
            [f"{L}/1"],
        ),
        entry(
            "Statement/1",
            cust(
                f"<Statement><statementRef><statementURL>{HOST}/1.pdf</statementURL></statementRef></Statement>"
            ),
        ),
    ],
    "cust",
)

SAMPLES = {
    "usage": USAGE,
    "plain": PLAIN,
    "customer": CUSTOMER,
    "application": alone(entry("ApplicationInformation/1", APPLICATION)),
    "authorizations": feed("Authorization", [entry("Authorization/7", AUTHORIZATION)]),
    "authorization": alone(entry("Authorization/7", AUTHORIZATION)),
    "status": f"<espi:ServiceStatus {NAMESPACE}><espi:currentStatus>1</espi:currentStatus></espi:ServiceStatus>",
    "batch list": f"<espi:BatchList {NAMESPACE}><espi:resources>{R}/Batch/Bulk/1</espi:resources></espi:BatchList>",
}

# ---------------------------------------------------------------- edits


def find(root: etree._Element, path: str) -> list[etree._Element]:
    """The elements at an XPath, of which there must be at least one."""
    found = root.xpath(path, namespaces=NAMES)
    assert isinstance(found, list)
    assert found, f"the sample has no {path}"
    return [element for element in found if isinstance(element, etree._Element)]


def drop(path: str) -> Edit:
    """Removes elements."""

    def edit(root: etree._Element) -> None:
        for element in find(root, path):
            element.getparent().remove(element)  # type: ignore[union-attr]

    return edit


def write(path: str, text: str) -> Edit:
    """Replaces the text."""

    def edit(root: etree._Element) -> None:
        for element in find(root, path):
            element.text = text

    return edit


def attribute(path: str, name: str, value: str) -> Edit:
    """Sets an attribute."""

    def edit(root: etree._Element) -> None:
        for element in find(root, path):
            element.set(name, value)

    return edit


def again(path: str) -> Edit:
    """Duplicates the first element after itself."""

    def edit(root: etree._Element) -> None:
        element = find(root, path)[0]
        element.addnext(etree.fromstring(etree.tostring(element, with_tail=False)))

    return edit


def add(path: str, xml: str) -> Edit:
    """Appends an element to the first."""

    def edit(root: etree._Element) -> None:
        find(root, path)[0].append(etree.fromstring(xml))

    return edit


def put(path: str, xml: str) -> Edit:
    """Replaces the content of the first element."""

    def edit(root: etree._Element) -> None:
        element = find(root, path)[0]
        element[:] = [etree.fromstring(xml)]

    return edit


def first_to_end(path: str) -> Edit:
    """Moves the first child of the first element after its siblings."""

    def edit(root: etree._Element) -> None:
        element = find(root, path)[0]
        element.append(element[0])

    return edit


def corrupted(sample: str, edit: Edit) -> bytes:
    """A sample after an edit."""
    root = etree.fromstring(SAMPLES[sample])
    edit(root)
    return etree.tostring(root)
