"""Tools around the API: subtitles, WAV files. Each module is imported by name when it is wanted."""
