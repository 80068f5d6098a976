"""The command line: each verb parses, calls one room, prints. Heavy imports wait for their verb."""

from bench.cli import corpora, reading, running
from bench.cli.command import main

__all__ = ["corpora", "main", "reading", "running"]
