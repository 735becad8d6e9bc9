"""What the user did wrong, in words the user can act on."""

from sim.language import translated


class InputError(Exception):
    """Bad input: one or more clear messages (file, line, key, what is allowed, nearest name). Exit code 2.

    Messages are English; those made by `told(...)` can be said in the other language as well.
    """

    def __init__(self, *messages: str) -> None:
        self.messages = list(messages)
        super().__init__("\n".join(self.messages))

    def said(self, language: str) -> list[str]:
        """The messages in a language."""
        return [translated(message, language) for message in self.messages]


class RunError(Exception):
    """A run that could not finish (full disk, books out of balance). Exit code 1."""

    def said(self, language: str) -> str:
        """The message in a language."""
        return "\n".join(translated(str(one) if not isinstance(one, str) else one, language) for one in self.args)


class Remark(UserWarning):
    """What the author of a run should know of it, though nothing is wrong. Commands say it with their results."""
