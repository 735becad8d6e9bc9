"""The `bandung` command, also as `python -m sim`."""

import sys
from typing import NoReturn


def main() -> NoReturn:
    """Run the command; Ctrl-C is answered from the first, while it is still being imported."""
    try:
        from sim.cli import main as command

        command()
    except KeyboardInterrupt:
        from sim.language import translated, usual_language
        from sim.stopping import handled

        print(translated("interrupted; nothing was left half-written", usual_language()), file=sys.stderr)
        handled()
        sys.exit(130)


if __name__ == "__main__":
    main()
