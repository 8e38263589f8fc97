"""Runs golden cases (numbers of the original renderers) through the public API of the library."""
