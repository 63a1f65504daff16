"""Asking the upstream: posts with likes and comments, profiles, any account for a dashboard; never more than needed."""
