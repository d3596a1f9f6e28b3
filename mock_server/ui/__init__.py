"""The base template, stylesheet and headers of all pages. No page content."""

from mock_server.ui.error_page import problem_page
from mock_server.ui.pages import page, static_file
from mock_server.ui.words import day_in_words

__all__ = ["day_in_words", "page", "problem_page", "static_file"]
