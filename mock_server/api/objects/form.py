"""Form: a link that a third party sends to a customer, and the bodies that create or change it."""

from typing import Literal

from pydantic import Field

from mock_server.api.call import Call
from mock_server.api.objects.shape import Shape, Timestamp
from mock_server.api.times import in_utc
from mock_server.domain import records


class FormScope(Shape):
    """What a form requests. `expires`: a preset, a duration such as 3y or 7d, or a timestamp."""

    expires: str | None = Field(None, max_length=40)
    ongoing_end: str | None = Field(None, max_length=40)


class Form(Shape):
    """The Form object of utilityapi.md §6."""

    uid: str
    created: Timestamp
    updated: Timestamp
    template_uid: str
    authorization_uid: str | None
    is_archived: bool
    disabled: bool
    user_email: str
    user_uid: str
    url: str
    customer_email: str | None
    utility: str | None
    scope: FormScope


class FormListing(Shape):
    """A page of forms."""

    forms: list[Form]
    next: str | None


class NewForm(Shape):
    """The body of POST /forms. Every field is optional, and so is the body."""

    template_uid: str | None = Field(None, max_length=40)
    authorization_uid: str | None = Field(None, max_length=40)
    customer_email: str | None = Field(None, max_length=200)
    utility: str | None = Field(None, max_length=40)
    scope: FormScope | None = None


class FormChange(NewForm):
    """The body of PATCH /forms/{uid}. Omitted fields are not changed."""

    is_archived: bool = False
    disabled: bool = False


class Scenario(Shape):
    """The body of POST /forms/{uid}/test-submit: a utility and a scenario."""

    utility: str = Field(max_length=40)
    scenario: str = Field(max_length=128)


class Submitted(Shape):
    """The result of a submission: the referral of the customer's authorization."""

    success: Literal[True]
    referral: str


def serialize_form(call: Call, form: records.Form, portal: str) -> Form:
    """The Form object of utilityapi.md §6. `scope` holds only what the client requested."""
    requested = {"expires": form.expires, "ongoing_end": form.ongoing_end}
    return Form(
        uid=form.uid,
        created=in_utc(form.created),
        updated=in_utc(form.updated),
        template_uid=form.template_uid,
        authorization_uid=form.authorization_uid,
        is_archived=form.is_archived,
        disabled=form.is_disabled,
        user_email=call.owner.email,
        user_uid=call.owner.uid,
        url=call.links.form(portal, form.token),
        customer_email=form.customer_email,
        utility=form.utility,
        scope=FormScope(**{name: value for name, value in requested.items() if value is not None}),
    )
