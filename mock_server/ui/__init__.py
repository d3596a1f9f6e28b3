"""The pages' base template, stylesheet and headers. Knows no page's content."""

from mock_server.ui.error_page import problem_page
from mock_server.ui.pages import page, static_file
from mock_server.ui.words import day_in_words

__all__ = ["day_in_words", "page", "problem_page", "static_file"]
