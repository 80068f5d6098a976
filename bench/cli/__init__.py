"""The command line: each verb parses, calls one room, prints. Heavy imports wait for their verb."""

from bench.cli import corpora, extractors, plotting, reading, running, stressing, timing
from bench.cli.command import main

__all__ = ["corpora", "extractors", "main", "plotting", "reading", "running", "stressing", "timing"]
