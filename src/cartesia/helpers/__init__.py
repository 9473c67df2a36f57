"""Tools around the API, each imported by name: subtitles, WAV files, loudspeaker, microphone."""
