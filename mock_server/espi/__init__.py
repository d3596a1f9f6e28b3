"""Green Button: the resource server that a third party reads with its tokens (ESPI 4.0, read side).

Records in, Atom out. Decides nothing about authorizations and writes nothing.
"""

from fastapi import APIRouter

from mock_server.espi import resources, routes
from mock_server.espi.errors import render_error
from mock_server.surface import Surface

router = APIRouter()
router.include_router(routes.router)
router.include_router(resources.router)

SURFACE = Surface(name="espi", router=router, prefixes=("/DataCustodian/espi/",), render_error=render_error)
