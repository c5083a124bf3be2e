"""The web pages of the review queue, rendered by the server."""
