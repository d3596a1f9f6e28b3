"""The customer's pages, from the authorize endpoint to the receipt."""

from mock_server.http.surface import Served, Surface, routes_of


def _load() -> Served:
    from mock_server.pages import (
        authorize,
        consent,
        form,
        my_authorizations,
        next_step,
        one_time_code,
        receipt,
    )
    from mock_server.pages.errors import render_error
    from mock_server.pages.help import articles, home
    from mock_server.pages.sign_in import routes as sign_in
    from mock_server.pages.sign_in import single_sign_on

    routes = routes_of(
        home,
        articles,
        authorize,
        form,
        single_sign_on,
        sign_in,
        next_step,
        one_time_code,
        consent,
        receipt,
        my_authorizations,
    )
    return Served(routes=routes, render_error=render_error, redirect_error=authorize.redirect_error)


SURFACE = Surface(name="pages", prefixes=("/",), load=_load)
