"""What third parties and customers receive: events, notifications, messages, and their schedule."""
