"""`python -m anjia.cli`, for the worker that the server starts."""

from anjia.cli.main import main

main()
