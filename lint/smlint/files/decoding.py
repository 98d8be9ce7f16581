"""From bytes to text: UTF-8, and UTF-16 or UTF-32 where a byte order mark or the pattern of zeros shows it."""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class UndecodableError(ValueError):
    """Bytes that are no text. `text` is what could be decoded, `offset` the place of the first fault in it."""

    def __init__(self, message: str, text: str, offset: int) -> None:
        super().__init__(message)
        self.text = text
        self.offset = offset


def encoding(data: bytes) -> tuple[str, int]:
    """The encoding that the first bytes show, and the length of the byte order mark."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name, len(mark)
    if len(data) >= 2 and data[0] and not data[1]:
        return "utf-16-le", 0
    if len(data) >= 2 and not data[0] and data[1]:
        return "utf-16-be", 0
    return "utf-8", 0


def decode(data: bytes) -> str:
    """The text without its byte order mark. Raises UndecodableError."""
    name, skip = encoding(data)
    try:
        text = data[skip:].decode(name)
    except UnicodeDecodeError as fault:
        good = data[skip : skip + fault.start].decode(name)
        broken = data[skip:].decode(name, "replace")
        message = f"is not {name.upper()} text: byte 0x{data[skip + fault.start]:02x}"
        raise UndecodableError(message, broken, len(good)) from None
    nul = text.find("\0")
    if nul >= 0:
        raise UndecodableError("is no text but binary data", text, nul)
    return text
