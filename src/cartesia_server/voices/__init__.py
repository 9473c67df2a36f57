"""Voices: the space they are points of, the built-in catalogue, the store, and cloning."""
