"""Before anything happens: what the rooms of prevention add to the engine's procedures."""
