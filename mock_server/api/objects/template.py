"""Template: the look and the target of a third party's forms."""

from mock_server.api.objects.shape import Shape, Timestamp


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
