"""``python -m cartesia_cli`` is ``cartesia``."""

from cartesia_cli import main

main()
