"""From a wished accuracy to the confidence from which a field is accepted."""

from shenbao.errors import AccuracyUnsupported
from shenbao.models.calibration import Target, threshold_for
from shenbao.ocr.calibration import Calibration, packaged_calibration
from shenbao.settings import ReviewSettings, Settings


def target_of(review: ReviewSettings, calibration: Calibration) -> Target | None:
    """The threshold of the wished accuracy, with the share of cells for review; None where none is wished.

    Raises:
        AccuracyUnsupported: the calibration's held-out cells cannot show such an accuracy.
    """
    if review.accuracy is None:
        return None
    found = threshold_for(review.accuracy, calibration.operating)
    if found is None:
        best = max((1.0 - point.error for point in calibration.operating), default=0.0)
        raise AccuracyUnsupported(
            f"the calibration cannot show that {review.accuracy:.4%} of accepted cells are right: "
            f"its {calibration.fitted_on.cells} held-out cells show {best:.4%} at most"
        )
    return found


def with_threshold(settings: Settings, calibration: Calibration | None = None) -> Settings:
    """The settings with `review.accept` set to the threshold of `review.accuracy`, if that is set.

    `calibration` defaults to the packaged one.

    Raises:
        AccuracyUnsupported: as from `target_of`.
    """
    if settings.review.accuracy is None:
        return settings
    found = target_of(settings.review, calibration or packaged_calibration())
    assert found is not None
    review = settings.review.model_copy(update={"accept": found.threshold})
    return settings.model_copy(update={"review": review})
