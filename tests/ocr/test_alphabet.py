import pytest

from shenbao.errors import ModelFileError
from shenbao.ocr.alphabet import alphabet_of, check_classes


@pytest.mark.parametrize("characters", ["a\nb\n一", "a\nb\n一\n"])
def test_blank_comes_first_and_space_last(characters: str) -> None:
    assert alphabet_of(characters) == ("", "a", "b", "一", " ")


@pytest.mark.parametrize("characters", ["", "\n"])
def test_no_characters_is_no_recogniser(characters: str) -> None:
    with pytest.raises(ModelFileError, match="character"):
        alphabet_of(characters)


def test_number_of_classes_must_be_that_of_the_characters() -> None:
    check_classes(("", "a", " "), 3)
    with pytest.raises(ModelFileError, match="4 classes but 3 characters"):
        check_classes(("", "a", " "), 4)
