"""The recogniser's alphabet."""

from functools import cache

from shenbao.errors import ModelFileError


def alphabet_of(characters: str) -> tuple[str, ...]:
    """Class i of the recogniser is `alphabet[i]`.

    Args:
        characters: the model's metadata entry `character`: one character a line, in class order.

    Returns:
        "" for the CTC blank (class 0), then the characters, then the space, as PP-OCR numbers them.

    Raises:
        ModelFileError: there is no character in it.
    """
    listed = characters.removesuffix("\n").split("\n")
    if listed == [""]:
        raise ModelFileError("the recognition model carries no list of characters (metadata key `character`)")
    return ("", *listed, " ")


def check_classes(alphabet: tuple[str, ...], classes: int) -> None:
    """Refuse a model whose number of output classes is not that of its alphabet.

    Raises:
        ModelFileError: the numbers differ.
    """
    if len(alphabet) != classes:
        raise ModelFileError(f"the recognition model has {classes} classes but {len(alphabet)} characters")


@cache
def class_of(alphabet: tuple[str, ...], char: str) -> int | None:
    """The class of a character, None where the alphabet lacks it. Kept: there are thousands to look through."""
    return alphabet.index(char) if char in alphabet else None
