"""Signing in by the email address on file."""

from mock_server.domain.signing_in.matching import normal_email
from mock_server.domain.signing_in.way import Field, LookUpKey, Way

WAY = Way(
    name="email",
    label="Email address",
    title="Email address",
    lead="Enter the email address that we have on file. We will then send you a one-time code.",
    fields=(
        # Not type=email: browsers would reject spellings that the matching accepts.
        Field(name="email", label="Email address", autocomplete="email", inputmode="email"),
    ),
    look_up_key=LookUpKey(name="email", normalize=normal_email, values=lambda customer: (customer.email,)),
    needs_code=True,
    example=lambda customer: {"email": customer.email},
    not_found="We found no account for this email address.",
)
