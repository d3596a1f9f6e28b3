"""Actions: what can happen to a sandbox. Each takes the sandbox first and is one transaction; none knows HTTP.

A folder for each part of the story: customers connect third parties, tokens are issued, data is read, news is told.
"""
