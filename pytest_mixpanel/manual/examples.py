"""The example of a name: the shortest block of the snippets that uses it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

BLOCK = re.compile(r"^# (?P<about>.+)\n(?P<code>(?:(?!# ).*\n)+)", re.M)


@dataclass(frozen=True, slots=True)
class Example:
    """A block that runs after its file's ``head``, and the names it uses, as the manual spells them."""

    file: str
    about: str
    head: str
    code: str
    uses: frozenset[str]

    @property
    def text(self) -> str:
        """The block as a script of its own."""
        return f"{self.head}\n# {self.about}\n{self.code}"


@cache
def examples() -> tuple[Example, ...]:
    """Every block of every file of snippets."""
    folder = files("pytest_mixpanel.manual") / "snippets"
    scripts = sorted((file for file in folder.iterdir() if file.name.endswith(".py")), key=lambda f: f.name)
    return tuple(
        example
        for script in scripts
        if script.name != "__init__.py"
        for example in _blocks(script.name.removesuffix(".py"), script.read_text(encoding="utf-8"))
    )


def example_of(name: str) -> Example | None:
    """The shortest example that uses the name."""
    using = [example for example in examples() if name in example.uses]
    return min(using, key=lambda example: len(example.code), default=None)


def _blocks(file: str, script: str) -> Iterator[Example]:
    found = list(BLOCK.finditer(script))
    head = _head(script[: found[0].start()]) if found else ""
    for block in found:
        code = block["code"].rstrip() + "\n"
        yield Example(file, block["about"], head, code, frozenset(_names(ast.parse(code))))


def _head(text: str) -> str:
    """The imports and the workspace, without the docstring and what only type checkers need."""
    statements = [
        statement
        for statement in ast.parse(text).body
        if not isinstance(statement, ast.Expr) and getattr(statement, "module", "") != "__future__"
    ]
    return "".join(f"{ast.get_source_segment(text, statement)}\n" for statement in statements)


def _names(tree: ast.AST) -> Iterator[str]:
    """``mp.Filter.equals`` → ``Filter``, ``Filter.equals``; ``ws.events`` → ``Workspace.events``."""
    for node in ast.walk(tree):
        path = _path(node)
        if path and path[0] == "mp":
            yield from (".".join(path[1:end]) for end in range(2, len(path) + 1))
        elif path and path[0] == "ws" and len(path) > 1:
            yield f"Workspace.{path[1]}"


def _path(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Attribute):
        before = _path(node.value)
        return [*before, node.attr] if before else []
    return [node.id] if isinstance(node, ast.Name) else []
