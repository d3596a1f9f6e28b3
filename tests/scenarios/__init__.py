"""What breaks real integrations: what the server does, what a good client does, how a bad one is caught."""
