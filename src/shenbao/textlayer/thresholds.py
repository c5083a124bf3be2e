"""What a text layer must show to be believed, and how often cells taken from one were right: data."""

from functools import cache
from importlib.resources import files
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Counted(_Data):
    """Cells that were compared with their truth, and how many were right."""

    of: Annotated[int, Field(ge=0)]
    right: Annotated[int, Field(ge=0)]

    @model_validator(mode="after")
    def _within(self) -> Self:
        if self.right > self.of:
            raise ValueError("more are right than there are")
        return self

    @property
    def probability(self) -> float:
        """That one more cell is right, by Laplace's rule of succession."""
        return (self.right + 1) / (self.of + 2)


class Thresholds(_Data):
    """Schema of `data/thresholds.json`.

    Shares above which a page is read as a scan: `unknown` characters without a meaning, `unseen`
    characters without ink, `strange` print that no character accounts for, `beside` lines that stand
    elsewhere, `different` characters in the sample that the recogniser reads. `sample` lines are read;
    a reading is `sure` when its weakest character is more probable than this. `support`: the share of a
    cell's sides that must be drawn. `crossing`: how far, in character heights, print may reach over a side;
    `rest`: how much ink besides its glyphs a cell may hold, in squares of the character height;
    `same`: how far apart the sides are that two programs give one cell.
    `clear`: cells in which print and rulings agree, where camelot is not installed; where it is, `agreed`: those
    to which it gives the same sides and text, and `alone`: others of them. `seconded`: cells with a ruling in doubt
    to which it gives the same sides; `doubtful`: others; `beside_doubt`: sound cells of a table that has doubtful ones.
    """

    unknown: Share
    unseen: Share
    strange: Share
    beside: Share
    different: Share
    sample: Annotated[int, Field(ge=1)]
    sure: Share
    support: Share
    crossing: Annotated[float, Field(gt=0)]
    rest: Annotated[float, Field(gt=0)]
    same: Annotated[float, Field(gt=0)]
    clear: Counted
    agreed: Counted
    alone: Counted
    seconded: Counted
    doubtful: Counted
    beside_doubt: Counted


@cache
def thresholds() -> Thresholds:
    """The packaged thresholds."""
    text = files("shenbao.textlayer").joinpath("data/thresholds.json").read_text("utf-8")
    return Thresholds.model_validate_json(text)
