"""The one command line: `anjia`. Each command says in Chinese and English what it is for."""

from anjia.cli.main import main

__all__ = ["main"]
