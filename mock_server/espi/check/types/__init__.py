"""What ESPI's types consist of, as data: which elements in which order, how often, of which type."""
