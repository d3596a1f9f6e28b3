"""The utility DEMOUTILITY on your own machine: OAuth, Green Button and a JSON API over fake customers."""

__version__ = "0.1.0"
