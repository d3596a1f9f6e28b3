"""What third parties and customers are told: events, notifications, messages, and when time brings them."""
