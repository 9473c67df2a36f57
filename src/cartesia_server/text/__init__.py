"""From a transcript to what an engine speaks: segments, words, phonemes."""
