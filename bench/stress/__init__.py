"""Stress: hostile pages, made by code from a seed, and what becomes of each extractor on them."""
