"""What runs outside the harness: the launcher, the worker and the module adapters may import."""
