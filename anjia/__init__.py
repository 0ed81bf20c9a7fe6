"""Anjia 安家: how a city's women's federation and its partner agencies keep families safe."""

__version__ = "0.1.0"
