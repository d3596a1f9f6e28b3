"""Signing in by the phone number on file."""

from mock_server.domain.signing_in.matching import normal_phone
from mock_server.domain.signing_in.way import Field, LookUpKey, Way

WAY = Way(
    name="phone",
    label="Phone number",
    title="Phone number",
    lead="Enter the phone number that we have on file. We will then send you a one-time code.",
    fields=(
        Field(
            name="phone",
            label="Phone number",
            hint="With or without the country code.",
            type="tel",
            autocomplete="tel",
            inputmode="tel",
        ),
    ),
    look_up_key=LookUpKey(name="phone", normalize=normal_phone, values=lambda customer: (customer.phone,)),
    needs_code=True,
    clean_value=str.strip,  # a + that the client did not percent-encode arrives as a space
    example=lambda customer: {"phone": customer.phone},
    not_found="We found no account for this phone number.",
)
