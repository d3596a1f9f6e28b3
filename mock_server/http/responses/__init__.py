"""Responses that several surfaces give: errors, tokens, events, headers with text from outside."""
