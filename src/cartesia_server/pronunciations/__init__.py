"""Dictionaries of pronunciations that users keep."""
