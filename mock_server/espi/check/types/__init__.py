"""ESPI's types as data: their elements in order, with cardinality and type."""
