"""boilerbench: precision, recall and speed of main-content extractors, and what leaks."""

__version__ = "0.1.0"
