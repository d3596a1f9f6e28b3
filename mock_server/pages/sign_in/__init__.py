"""The sign-in pages: one form for every way, the single sign-on, and values prefilled by the scope."""
