"""Downloads of the request log, for browsers that hold the console's cookie."""

from mock_server.control.console.frame import pages
from mock_server.control.observation.exchanges import export_curl, export_har, export_test

router = pages("/console")

for _kind, _export in (("har", export_har), ("curl", export_curl), ("py", export_test)):
    router.add_api_route(f"/exchanges.{_kind}", _export, methods=["GET"])
