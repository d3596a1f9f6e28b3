"""Creates, opens and submits the JSON API's forms."""
