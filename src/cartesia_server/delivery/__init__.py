"""How something was said, and other audio that says it likewise: times, melody, level."""
