"""What a third party does with a generated client: run by the generator's own Python, it prints what it got."""

import json
import sys
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

_, folder, url, token = sys.argv
sys.path.insert(0, folder)

# Written during the test, into a folder that is known only now.
from generated_client import models  # type: ignore[import-not-found]  # noqa: E402
from generated_client.api.json_api import (  # type: ignore[import-not-found]  # noqa: E402
    list_authorizations,
    list_bills,
    list_meters,
    patch_authorization,
    post_form,
)
from generated_client.client import AuthenticatedClient  # type: ignore[import-not-found]  # noqa: E402

client = AuthenticatedClient(base_url=url, token=token)


def every_meter() -> list[str]:
    """Page by page, as `next` leads."""
    seen: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = list_meters.sync(client=client, limit=4, **after)
        seen += [one.uid for one in page.meters]
        if page.next_ is None:
            return seen
        after = {"after": parse_qs(urlsplit(page.next_).query)["after"][0]}


listing = list_authorizations.sync(client=client, is_test=True, include="meters")
first = listing.authorizations[0]
change = models.PatchAuthorizationAuthorizationChange(nickname="mine")
refused = list_bills.sync(client=client)
result = {
    "authorizations": [one.uid for one in listing.authorizations],
    "created_is_an_instant": isinstance(first.created, datetime),
    "classes": sorted(meter.base.service_class for meter in first.meters.meters),
    "meters": every_meter(),
    "nickname": patch_authorization.sync(first.uid, client=client, body=change).nickname,
    "refusal": [type(refused).__name__, refused.error, refused.status_code],
    "form": type(post_form.sync(client=client, body=models.PostFormNewForm())).__name__,
}
sys.stdout.write(json.dumps(result))
