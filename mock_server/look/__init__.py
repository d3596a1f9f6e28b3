"""How pages look: one base template, one stylesheet, one set of headers. Knows no page's content."""

from mock_server.look.pages import page, static_file
from mock_server.look.problem import problem_page

__all__ = ["page", "problem_page", "static_file"]
