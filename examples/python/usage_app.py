"""A small app of a third party: it redeems a code, keeps its tokens fresh, and reads how much a home used."""

from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree

import httpx

ESPI = "{http://naesb.org/espi}"


class ConnectionLost(Exception):
    """The customer ended the connection: the app asks them to connect again."""


@dataclass
class UsageApp:
    """One connection to one customer of the utility at `base`."""

    base: str
    client_id: str
    client_secret: str
    tokens: dict[str, str] | None = None

    def connect(self, code: str) -> None:
        """Redeem the code that came with the customer's browser."""
        self.tokens = self._token(grant_type="authorization_code", code=code)

    def kwh_since(self, start: datetime) -> float:
        """The sum of all readings that begin at `start` or later. Raises ConnectionLost."""
        document = ElementTree.fromstring(self._read(start).content)
        exponent = int(document.findtext(f".//{ESPI}powerOfTenMultiplier", "0"))
        watt_hours = sum(
            int(reading.findtext(f"{ESPI}value", "0")) * 10**exponent
            for reading in document.iter(f"{ESPI}IntervalReading")
            if int(reading.findtext(f"{ESPI}timePeriod/{ESPI}start", "0")) >= start.timestamp()
        )
        return watt_hours / 1000

    def _read(self, start: datetime) -> httpx.Response:
        assert self.tokens is not None
        answer = self._get(start)
        if answer.status_code == 401:  # an hour has passed
            self.tokens |= self._token(grant_type="refresh_token", refresh_token=self.tokens["refresh_token"])
            answer = self._get(start)
        if answer.status_code in (401, 403):
            raise ConnectionLost(answer.text)
        return answer.raise_for_status()

    def _get(self, start: datetime) -> httpx.Response:
        assert self.tokens is not None
        headers = {"Authorization": f"Bearer {self.tokens['access_token']}"}
        query = {"published-min": start.isoformat()}  # not the whole history each time
        return httpx.get(self.tokens["resourceURI"], params=query, headers=headers, timeout=60)

    def _token(self, **body: str) -> dict[str, str]:
        address = f"{self.base}/DataCustodian/oauth/token"
        answer = httpx.post(address, data=body, auth=(self.client_id, self.client_secret))
        if answer.status_code in (400, 403):
            raise ConnectionLost(answer.json()["error_description"])
        tokens: dict[str, str] = answer.raise_for_status().json()
        return tokens
