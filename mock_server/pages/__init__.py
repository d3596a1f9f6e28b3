"""The front channel: what the customer's browser sees, from the authorize endpoint to the receipt."""

from fastapi import APIRouter

from mock_server.look import problem_page
from mock_server.pages import (
    authorize,
    connect,
    consent,
    form,
    help,
    home,
    my_authorizations,
    one_time_code,
    receipt,
)
from mock_server.pages.sign_in import routes as sign_in
from mock_server.surface import Surface

router = APIRouter(tags=["Pages"])
for _part in (
    home,
    help,
    authorize,
    form,
    sign_in,
    connect,
    one_time_code,
    consent,
    receipt,
    my_authorizations,
):
    router.include_router(_part.router)

SURFACE = Surface(
    name="pages",
    router=router,
    prefixes=("/",),
    render_error=problem_page,
    redirect_error=authorize.redirect_error,
)
