"""What is wrong with a file, gathered so that all of it is told at once."""

from triggers.rules.values import printable

Path = tuple[str | int, ...]


class RecipeError(ValueError):
    """A file that cannot be applied; each of `problems` is one line, with file, line and path."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Problems:
    """Collects problems of one file. `lines` says where each path begins, counted from 1."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {(): 1}
        self._found: dict[tuple[int, str], None] = {}

    def add(self, path: Path, message: str, *, line: int | None = None) -> None:
        """The same problem, found twice on the way, is told once."""
        at = line or self._line_of(path)
        where = f"{self.name}:{at} {in_words(path)}".rstrip()
        self._found[at, f"{where}: {message}"] = None

    def refuse(self) -> None:
        """Raises RecipeError if there is anything to tell."""
        if self._found:
            raise self.error()

    def error(self) -> RecipeError:
        """All problems in the order of the file."""
        # Stable: problems of one line stay in the order in which they were found.
        ordered = sorted(self._found, key=lambda found: found[0])
        return RecipeError([text for _line, text in ordered])

    def _line_of(self, path: Path) -> int:
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


def in_words(path: Path) -> str:
    """("campaigns", 0, "messages") is campaigns[0].messages"""
    steps = (f"[{step}]" if isinstance(step, int) else f".{printable(step)}" for step in path)
    return "".join(steps).removeprefix(".")
