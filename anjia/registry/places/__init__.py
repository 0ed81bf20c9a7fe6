"""The tree of places a city is made of, who manages which, and how a place is found by a few letters."""
