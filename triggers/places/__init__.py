"""Places, pure: where a phone is, which fences it crosses, and whether a place is open."""
