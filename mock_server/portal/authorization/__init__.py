"""The page of one authorization, with its usage and files."""
