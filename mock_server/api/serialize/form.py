"""Serializes templates and forms."""

from mock_server.api.call import Call
from mock_server.api.objects.form import Form, FormScope
from mock_server.api.objects.template import Template
from mock_server.api.times import in_utc
from mock_server.domain import records


def serialize_template(call: Call, template: records.Template, client: records.Client) -> Template:
    """The Template object of utilityapi.md §6."""
    return Template(
        uid=template.uid,
        created=in_utc(template.created),
        updated=in_utc(template.updated),
        user_email=call.owner.email,
        user_uid=call.owner.uid,
        disabled=template.is_disabled,
        portal=template.portal,
        base_url=call.links.form(template.portal),
        redirect_uris=[uri.replace("{base}", call.links.base) for uri in client.redirect_uris],
        company_logo=call.links.browser("static", "logo.svg"),
        company_name=client.company_name,
        company_email=client.contact_email,
    )


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
