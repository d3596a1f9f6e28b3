"""ESPI's types as data: elements in order, how often, of which type."""
