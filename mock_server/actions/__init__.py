"""Actions: the operations on a sandbox. Each takes the sandbox first and runs as one transaction. No HTTP.

One package per subject: connecting, tokens, clients, authorizations, reading, notifying, sandboxes, forms.
"""
