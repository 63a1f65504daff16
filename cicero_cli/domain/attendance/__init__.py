"""Who has done the posts of a day, and how that is reported."""
