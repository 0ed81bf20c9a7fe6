"""Pages of the second factor: at the door, inside, and for colleagues."""
