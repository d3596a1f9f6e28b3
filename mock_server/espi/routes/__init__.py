"""The Green Button routes: which tokens may use a URL, and which document it returns."""
