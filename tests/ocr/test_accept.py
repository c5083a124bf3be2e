import pytest

from shenbao.cli.options import settings_of
from shenbao.cli.parser import make_parser
from shenbao.errors import AccuracyUnsupported
from shenbao.models.calibration import FittedOn, Model, Operating
from shenbao.ocr.accept import target_of, with_threshold
from shenbao.ocr.calibration import Calibration
from shenbao.settings import ReviewSettings, Settings

MADE = Calibration(
    version="t",
    fitted_on=FittedOn(documents=9, cells=4000, families={}, levels={}),
    filled=Model(bias=0.0, weights={}),
    empty=Model(bias=0.0, weights={}),
    place=Model(bias=0.0, weights={}),
    operating=(
        Operating(threshold=0.999, accepted=2000, wrong=0),
        Operating(threshold=0.99, accepted=3000, wrong=14),
        Operating(threshold=0.5, accepted=4000, wrong=200),
    ),
)


def test_without_a_wish_the_threshold_stays() -> None:
    assert with_threshold(Settings(), MADE) is not None
    assert with_threshold(Settings(review=ReviewSettings(accept=0.7)), MADE).review.accept == 0.7
    assert target_of(ReviewSettings(), MADE) is None


@pytest.mark.parametrize(
    ("accuracy", "threshold", "review"), [(0.999, 0.999, 0.5), (0.99, 0.99, 0.25), (0.9, 0.5, 0)]
)
def test_a_wish_sets_the_threshold_and_says_what_it_costs(
    accuracy: float, threshold: float, review: float
) -> None:
    wish = Settings(review=ReviewSettings(accuracy=accuracy))
    assert with_threshold(wish, MADE).review.accept == threshold
    target = target_of(wish.review, MADE)
    assert target is not None and target.review == pytest.approx(review)
    assert target.error <= 1 - accuracy


def test_what_the_calibration_cannot_show_is_refused_with_what_it_can() -> None:
    with pytest.raises(AccuracyUnsupported, match=r"99\.9900% .* 99\.9500% at most") as caught:
        with_threshold(Settings(review=ReviewSettings(accuracy=0.9999)), MADE)
    assert "calibrate" in caught.value.advice


def test_the_threshold_of_the_packaged_calibration_is_used_by_default() -> None:
    made = with_threshold(Settings(review=ReviewSettings(accuracy=0.99)))
    assert 0.5 < made.review.accept < 1.0


def test_the_command_line_takes_an_accuracy(capsys: pytest.CaptureFixture[str]) -> None:
    args = make_parser().parse_args(["read", "form.pdf", "--accuracy", "0.99"])
    made = settings_of(args)
    assert made.review.accuracy == 0.99
    assert made.review.accept == with_threshold(made).review.accept != ReviewSettings().accept
    assert "of cells will need review" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        make_parser().parse_args(["batch", "in", "--out", "out", "--accuracy", "99.9"])
