"""What the user did wrong, in words the user can act on."""


class InputError(Exception):
    """Bad input: one or more clear messages (file, line, key, what is allowed, nearest name). Exit code 2."""

    def __init__(self, *messages: str) -> None:
        self.messages = list(messages)
        super().__init__("\n".join(self.messages))


class RunError(Exception):
    """A run that could not finish (full disk, books out of balance). Exit code 1."""
