"""The command line: each verb parses, calls one room, prints. Heavy imports wait for their verb."""

from bench.cli import corpora, extractors, reading, running
from bench.cli.command import main

__all__ = ["corpora", "extractors", "main", "reading", "running"]
