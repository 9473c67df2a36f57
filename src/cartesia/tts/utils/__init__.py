"""Tools of 2.x around text to speech."""
