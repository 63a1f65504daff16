"""Likes and comments, counted: by user and day, as sums, as the JSON that dashboards read."""
