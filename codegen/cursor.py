"""A cursor over lexical items: what every rule of the grammar is read with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from .lexer import Kind, Token
from .source import SchemaError, Source
from .syntax import Argument, Braces

T = TypeVar("T")

_MAX_DIGITS = 1000
# Python reads at most 200 brackets in one another, and a nested type is three in the output.
MAX_NESTING = 50
_CLOSING = {"{": "}", "(": ")", "[": "]"}


class Cursor:
    """Where the reading is, among the items of a file or of some braces in it."""

    def __init__(self, source: Source, items: Sequence[Token], end: int) -> None:
        self.source = source
        self.items = items
        self.next = 0
        self.nesting = 0
        self._end = Token(Kind.END, "", end)

    def look(self, ahead: int = 0) -> Token:
        """A coming token; past the last one, the end."""
        index = self.next + ahead
        return self.items[index] if index < len(self.items) else self._end

    @property
    def token(self) -> Token:
        """The coming token."""
        return self.look()

    def at(self, text: str, *more: str) -> bool:
        """Whether the coming tokens are these keywords or symbols."""
        if self.look().text != text:
            return False
        return all(self.look(ahead).text == other for ahead, other in enumerate(more, 1))

    def at_end(self) -> bool:
        """Whether all is read."""
        return self.look().kind is Kind.END

    def take(self) -> Token:
        """The coming token, which is then read."""
        token = self.look()
        if token.kind is not Kind.END:
            self.next += 1
        return token

    def accept(self, text: str) -> bool:
        """Read this keyword or symbol, if it comes."""
        if self.look().text == text and self.look().kind is not Kind.CSTRING:
            self.next += 1
            return True
        return False

    def expect(self, *texts: str) -> None:
        """Read these keywords or symbols, which must come."""
        for text in texts:
            if not self.accept(text):
                raise self.expected(f"'{text}'")

    def name(self, kind: Kind, what: str) -> Token:
        """Read a name, which must come."""
        if self.token.kind is not kind:
            raise self.expected(what)
        return self.take()

    def number(self) -> int:
        """Read a number, which must come."""
        token = self.name(Kind.NUMBER, "a number")
        if len(token.text) > _MAX_DIGITS:
            raise self.error(f"a number of more than {_MAX_DIGITS} digits", token.at)
        return int(token.text)

    def error(self, message: str, at: int | None = None) -> SchemaError:
        """An error at the coming token, or elsewhere."""
        return SchemaError(self.source, self.token.at if at is None else at, message)

    def expected(self, what: str) -> SchemaError:
        """The error for a coming token that fits no rule here."""
        token = self.token
        got = token.kind.value if token.kind is Kind.END else repr(token.text)[:100]
        return self.error(f"expected {what}, got {got}")

    def end(self) -> int:
        """The offset after the last token taken."""
        last = self.items[self.next - 1]
        return last.at + len(last.text)

    def nested(self, item: Callable[[], T]) -> T:
        """`item`, which can hold itself."""
        if self.nesting == MAX_NESTING:
            raise self.error(f"nested more than {MAX_NESTING} deep")
        self.nesting += 1
        try:
            return item()
        finally:
            self.nesting -= 1

    def separated(self, item: Callable[[], T], separator: str, end: str) -> tuple[T, ...]:
        """``item separator item ... end``, at least one item."""
        items = [item()]
        while self.accept(separator):
            items.append(item())
        if not self.accept(end):
            raise self.expected(f"'{separator}' or '{end}'")
        return tuple(items)

    def braces(self) -> Braces:
        """``{ ... }``, to be read when it is known what it is."""
        at = self.token.at
        if not self.at("{"):
            raise self.expected("'{'")
        first = self.next + 1
        self._skip_balanced()
        return Braces(at, self.source, tuple(self.items[first : self.next - 1]))

    def arguments(self) -> tuple[Argument, ...]:
        """An actual parameter list (X.683 9.5), each of them unread."""
        self.expect("{")
        found: list[Argument] = []
        first = self.next
        while True:
            if self.at_end():
                raise self.expected("',' or '}'")
            if self.at(",") or self.at("}"):
                if first == self.next:
                    raise self.expected("an actual parameter")
                items = tuple(self.items[first : self.next])
                found.append(Argument(items[0].at, self.source, items))
                if self.take().text == "}":
                    return tuple(found)
                first = self.next
            elif self.token.text in _CLOSING and self.token.kind is Kind.SYMBOL:
                self._skip_balanced()
            else:
                self.take()

    def _skip_balanced(self) -> None:
        """Read from an opening bracket to the one that closes it."""
        open_: list[Token] = []
        while True:
            token = self.token
            if token.kind is Kind.END:
                raise self.error(f"this '{open_[-1].text}' is not closed", open_[-1].at)
            if token.kind is Kind.SYMBOL:
                if token.text in _CLOSING:
                    open_.append(token)
                    if len(open_) > MAX_NESTING:
                        raise self.error(f"nested more than {MAX_NESTING} deep")
                elif token.text in _CLOSING.values():
                    if token.text != _CLOSING[open_[-1].text]:
                        raise self.expected(f"'{_CLOSING[open_[-1].text]}'")
                    open_.pop()
            elif token.text == "::=":
                raise self.error(f"this '{open_[-1].text}' is not closed", open_[-1].at)
            self.next += 1
            if not open_:
                return
