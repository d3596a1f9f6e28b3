"""The pipeline of every request, and the code that surfaces share."""
