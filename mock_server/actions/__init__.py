"""What can happen to a sandbox. Each verb takes the sandbox first and is one transaction; none knows HTTP."""
