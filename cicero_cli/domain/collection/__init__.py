"""What the upstream shows: posts, engagement, profiles; runs and their cost."""
