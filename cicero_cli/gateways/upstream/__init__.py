"""Instagram and TikTok through RapidAPI: requests, pages, bodies, complaints, pictures."""
