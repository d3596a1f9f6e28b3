"""What a customer shares: function blocks, history, and which data is available at what time."""
