"""How a customer connects a third party: the request, the sign-in, the consent, and what a yes comes to."""
