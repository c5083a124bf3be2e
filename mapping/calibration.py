"""The calibrated probability that a field is right, in place of its estimate.

A logistic regression on the field's signals (`field_signals`), followed by beta calibration, as for cells
(`shenbao.models.calibration`). Its weights are data (`data/field_calibration.json`), written by
`shenbao calibrate --fields`; `shenbao.evaluation` fits them to documents whose truth is known.
"""

from functools import cache
from importlib import resources
from pathlib import Path

from pydantic import Field as Spec

from shenbao.errors import ModelFileError
from shenbao.mapping.checks import Mapped, with_probability
from shenbao.mapping.field_signals import Evidence, Signals
from shenbao.mapping.placed import Placed, changed_record
from shenbao.models.calibration import Data, FittedOn, Model, Operating
from shenbao.models.document import Field, Record


class FieldCalibration(Data):
    """Schema of the field calibration file.

    `figures` and `operating` are of fields that the weights used for them had not seen, as those of
    cells are. `fitted_on.cells` counts fields.
    """

    version: str
    fitted_on: FittedOn
    model: Model
    figures: dict[str, float | None] = Spec(default_factory=dict)
    operating: tuple[Operating, ...] = ()

    def probability(self, signals: Signals) -> float:
        """The probability that text and value of the field are right."""
        return self.model.probability(signals)


def calibrated(mapped: Mapped, calibration: FieldCalibration, accept: float) -> Mapped:
    """The document with calibrated confidences of its fields, and their status by `accept`.

    A field that another reason than its confidence sends to review stays there.
    """
    evidence = Evidence(mapped.records)

    def of(record: Record) -> Record:
        def change(placed: Placed) -> Field:
            probability = calibration.probability(evidence.signals(record, placed))
            return with_probability(placed.field, probability, accept)

        return changed_record(record, change)

    return Mapped(mapped.tables, [of(record) for record in mapped.records])


def load_field_calibration(file: Path) -> FieldCalibration:
    """A calibration that `shenbao calibrate --fields` has written.

    Raises:
        ModelFileError: the file is missing or is no calibration of fields.
    """
    try:
        return FieldCalibration.model_validate_json(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelFileError(f"calibration of fields {file}: {error}") from error


@cache
def packaged_field_calibration() -> FieldCalibration:
    """The calibration that comes with the package."""
    text = resources.files("shenbao.mapping").joinpath("data/field_calibration.json").read_text("utf-8")
    return FieldCalibration.model_validate_json(text)
