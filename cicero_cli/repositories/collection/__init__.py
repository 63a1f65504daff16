"""Rows of posts, profiles, runs and their cost."""
