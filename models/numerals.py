"""Chinese numerals of items, from 一 to 九十九."""

ONES = "一二三四五六七八九"

NUMERAL = f"[{ONES}十]{{1,3}}"
"""Pattern of a numeral."""


def numeral(value: int) -> str:
    """The numeral of a value from 1 to 99."""
    tens, ones = divmod(value, 10)
    leading = ONES[tens - 1] if tens > 1 else ""
    return leading + ("十" if tens else "") + (ONES[ones - 1] if ones else "")


def numeral_value(text: str) -> int:
    """The value of a numeral; 0 where the text is none."""
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or not (ten or ones):
        return 0
    places = [ONES.find(part) + 1 if part else 0 for part in (tens, ones)]
    return (10 * (places[0] or 1) if ten else 0) + places[1]
