"""How a customer connects a third party: authorize request, sign-in, consent, authorization."""
