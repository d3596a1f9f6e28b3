"""Template: the appearance and the target of a third party's forms."""

from mock_server.api.call import Call
from mock_server.api.objects.shape import Shape, Timestamp
from mock_server.api.times import in_utc
from mock_server.domain import records


class Template(Shape):
    """The Template object of utilityapi.md §6."""

    uid: str
    created: Timestamp
    updated: Timestamp
    user_email: str
    user_uid: str
    disabled: bool
    portal: str
    base_url: str
    redirect_uris: list[str]
    company_logo: str
    company_name: str
    company_email: str


class TemplateListing(Shape):
    """A page of templates."""

    templates: list[Template]
    next: str | None


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
