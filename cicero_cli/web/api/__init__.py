"""The dashboards' nouns: each module a router, its schemas and its functions."""
