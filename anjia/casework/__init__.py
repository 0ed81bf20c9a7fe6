"""When something happens: what the casework rooms add to the engine's procedures."""
