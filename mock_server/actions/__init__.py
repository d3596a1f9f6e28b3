"""Actions: what can happen to a sandbox. Each takes the sandbox first and is one transaction; none knows HTTP.

One room for each part of the story: connecting, tokens, clients, authorizations, reading, notifying, sandboxes, forms.
"""
