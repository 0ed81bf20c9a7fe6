"""The one engine: matters, their stages, duties, seats and parties, and every move that may happen to them."""
