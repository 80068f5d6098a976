"""`python -m bench` is `boilerbench`."""

from bench.cli import main

main()
