from math import inf

from shenbao.ocr.sentences import END, INSIDE, ITEM, SPECK, stops


def likeliest(text: str) -> str:
    return max(stops(text, []), key=lambda tried: tried[1], default=("", -inf))[0]


def test_a_point_between_characters_stands_for_a_comma_in_prose() -> None:
    assert likeliest("年内完善监测网络.及时处置，完成") == "年内完善监测网络，及时处置，完成"
    assert likeliest("得分的100%.每低2%扣分") == "得分的100%，每低2%扣分"
    assert ("监测网络及时，处置。", SPECK) in stops("监测网络.及时，处置。", [])


def test_a_point_in_a_name_is_dirt() -> None:
    assert stops("责任落实.率", []) == [("责任落实率", SPECK)]


def test_points_of_numbers_stay() -> None:
    assert stops("投资2.5万元", []) == []
    assert stops("1.通过", []) == []


def test_a_sentence_ends_before_the_next_item() -> None:
    for item in ("2.巩固", "（2）巩固", "2、巩固", "目标2：巩固"):
        assert stops("1.完成" + item, []) == [("1.完成。" + item, ITEM)]
    assert stops("完成2件", []) == []
    assert stops("完成2.5万", []) == []
    assert [odds for _, odds in stops("1.完成。2.巩固", [])] == [END]


def test_prose_ends_with_a_stop_and_names_do_not() -> None:
    assert stops("按照计划，及时处置", []) == [("按照计划，及时处置。", END)]
    assert stops("按照计划，及时处置。", []) == []
    assert stops("设备采购单价", []) == []


def test_a_comma_comes_back_where_the_picture_has_some_of_it() -> None:
    text = "按照计划，及时处置按时完成。完成"
    at = text.index("按时")
    assert (text[:at] + "，" + text[at:], INSIDE) in stops(text, [(at, at, "，")])
    assert (text[:at] + "、" + text[at:], INSIDE) not in stops(text, [(at, at, "、")])
    assert not [tried for tried in stops(text, [(5, 5, "，")]) if tried[1] == INSIDE]
    assert stops("及时处置按时完成", [(4, 4, "，")]) == []
