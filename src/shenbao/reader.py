"""The way of a document: file -> pages -> cells -> joined tables -> records.

    load -> upright and straight -> rulings -> grids    (page by page: `Reader.lay_out`)
         -> cells read                                  (page by page: `Reader.read_cells`)
         -> tables joined over pages -> cells settled -> records        (`Reader.read`)

Each step is a function from one named type of `shenbao.models.stages` to the next; every step can be
called alone, and `keep` hands out what lies between them.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shenbao.errors import EngineUnavailable, ModelFileError, ShenbaoError
from shenbao.layout.captions import lines_over, title_and_captions
from shenbao.layout.curves import look
from shenbao.layout.flatten import flatten
from shenbao.layout.frames import with_frames
from shenbao.layout.join import join_tables
from shenbao.layout.marks import delivered_marks, find_marks
from shenbao.layout.page_lines import page_lines
from shenbao.layout.prose import Prose, compose
from shenbao.layout.rulings import find_rulings
from shenbao.layout.seal_ink import without_seals
from shenbao.layout.seals import find_seals
from shenbao.layout.signatures import flag_marked
from shenbao.layout.streaks import without_streaks
from shenbao.layout.tables import find_tables
from shenbao.layout.toner import with_enough_toner
from shenbao.layout.upright import find_turn
from shenbao.loading import LoadedSource, open_source
from shenbao.loading.laid import WrittenPage, in_blocks
from shenbao.mapping.additions import open_vocabulary
from shenbao.mapping.calibration import packaged_field_calibration
from shenbao.mapping.expect import expected_kinds
from shenbao.mapping.families import Family, open_families
from shenbao.mapping.known import known_texts
from shenbao.mapping.records import map_document
from shenbao.mapping.vocabulary import Vocabulary
from shenbao.memory import give_back_surplus
from shenbao.models.document import Document, Engine, Page, Source, StageError, Table, Text
from shenbao.models.stages import (
    FlatPage,
    JoinedTable,
    LaidPage,
    PageImage,
    PageLines,
    PageTable,
    ReadCell,
    ReadLine,
    ReadPage,
)
from shenbao.ocr.accept import with_threshold
from shenbao.ocr.calibration import packaged_calibration
from shenbao.ocr.engine import LineReader
from shenbao.ocr.engines import open_engine
from shenbao.ocr.page import read_page
from shenbao.ocr.settle import draft, settle
from shenbao.settings import Settings
from shenbao.textlayer.page import read_layer

log = logging.getLogger(__name__)

Keep = Callable[[ReadPage], None]
PageResult = tuple[Page, tuple[PageTable, ...], PageLines]


class Reader:
    """Reads documents. Holds the loaded models: make one and use it again, from one thread at a time."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = with_threshold(settings or Settings())

    @cached_property
    def engine(self) -> LineReader:
        """The engine of the settings, loaded at first use."""
        return open_engine(self.settings.engine)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The package's vocabulary with the user's additions, loaded at first use."""
        return open_vocabulary(self.settings.mapping.vocabulary)

    @cached_property
    def families(self) -> tuple[Family, ...]:
        """The package's form families and the user's, loaded at first use."""
        return open_families(self.settings.mapping.families, self.vocabulary)

    def load(self) -> None:
        """Load the engine's models, the vocabulary and the families now, rather than with the first page.

        Raises:
            EngineUnavailable, ModelFileError: no page can be read with these settings.
            ShenbaoError: the user's additions to the vocabulary or the families are not valid.
        """
        self.engine.load()
        _ = self.vocabulary, self.families

    def read(
        self,
        source: str | Path | bytes,
        *,
        password: str | None = None,
        name: str | None = None,
        keep: Keep | None = None,
    ) -> Document:
        """Read a file, or its bytes, into a document.

        A page that fails is listed in `errors` and the rest is given; the status says so.
        `keep` is handed each page's intermediates.

        Raises:
            ShenbaoError: the input cannot be read at all; each subclass says why and what helps.
        """
        with open_source(source, self.settings.limits, password=password, name=name) as loaded:
            facts = loaded.facts
            if loaded.written is not None:
                return self._as_written(facts, [loaded.written(n + 1) for n in range(facts.page_count)])
            pages, errors = self._pages(loaded, keep)
        return self.assemble(facts, pages, errors)

    def assemble(self, facts: Source, pages: list[PageResult], errors: list[StageError]) -> Document:
        """The document of pages that `read_number` has read, in their order; `errors` are of the others."""
        joined = join_tables([tables for _, tables, _ in pages], known_texts(self.vocabulary))
        prose = compose([lines for _, _, lines in pages], joined)
        return self._document(
            facts, [page for page, _, _ in pages], joined, prose, errors, self.engine.describe()
        )

    def _as_written(self, facts: Source, pages: list[WrittenPage]) -> Document:
        """The document of an Office file, whose tables are whole as they are."""
        tables = join_tables([[table for page in pages for table in page.tables]])
        return self._document(facts, [page.page for page in pages], tables, in_blocks(pages), [], None)

    def _document(
        self,
        facts: Source,
        pages: list[Page],
        joined: list[JoinedTable],
        prose: Prose,
        errors: list[StageError],
        engine: Engine | None,
    ) -> Document:
        tables = [
            self.settle(table).model_copy(update={"block": block})
            for table, block in zip(joined, prose.tables, strict=True)
        ]
        texts = [text for page in prose.texts for text in page]
        mapped = map_document(
            tables,
            texts,
            self.vocabulary,
            self.families,
            self.settings.review.accept,
            calibration=packaged_field_calibration() if self.settings.mapping.calibrated else None,
        )
        return Document(
            status="complete" if not errors else "partial" if pages else "failed",
            source=facts,
            pages=[
                page.model_copy(update={"texts": list(texts)})
                for page, texts in zip(pages, prose.texts, strict=True)
            ],
            tables=mapped.tables,
            records=mapped.records,
            errors=errors,
            engine=engine,
        )

    def _pages(self, loaded: LoadedSource, keep: Keep | None) -> tuple[list[PageResult], list[StageError]]:
        """What every page gives. Only facts and tables are held on to, not pictures: a file may be long."""
        pages: list[PageResult] = []
        errors: list[StageError] = []
        for number in range(1, loaded.facts.page_count + 1):
            found = self.read_number(loaded, number, keep)
            if isinstance(found, StageError):
                errors.append(found)
            else:
                pages.append(found)
        return pages, errors

    def read_number(
        self, loaded: LoadedSource, number: int, keep: Keep | None = None
    ) -> PageResult | StageError:
        """What page `number` (from 1) gives to `assemble`, or why it cannot be read.

        Raises:
            EngineUnavailable, ModelFileError: no page can be read.
            ShenbaoError: the page cannot be read, and is the only one.
        """
        try:
            return self._number(loaded, number, keep)
        finally:
            if "engine" in vars(self):
                self.engine.release()
            give_back_surplus()

    def _number(self, loaded: LoadedSource, number: int, keep: Keep | None) -> PageResult | StageError:
        stage = "load"
        try:
            image = loaded.page(number)
            stage = "page"
            page = self.read_page(image)
            lines = page_lines(page)
        except (ModelFileError, EngineUnavailable):
            raise
        except ShenbaoError as error:
            if loaded.facts.page_count == 1:
                raise
            return StageError(page=number, stage=stage, code=error.code, message=str(error))
        except Exception as error:  # one page must never take the others with it
            log.exception("page %d of %s", number, loaded.facts.name)
            message = f"{type(error).__name__}: {error}"
            return StageError(page=number, stage=stage, code=ShenbaoError.code, message=message)
        if keep is not None:
            keep(page)
        return _page_facts(page), page.tables, lines

    def read_page(self, image: PageImage) -> ReadPage:
        """One page from its picture to its read cells; a text layer that agrees with the picture is taken."""
        laid = self.lay_out(image)
        return laid if isinstance(laid, ReadPage) else self.read_cells(laid)

    def lay_out(self, image: PageImage) -> LaidPage | ReadPage:
        """One page from its picture to its grids; read already where its text layer agrees with the picture."""
        if image.layer is not None and self.settings.reading.text_layer:
            found = read_layer(image, lambda: self.engine)
            if found is not None:
                flat, rulings, grids, cells, lines = found
                marks = find_marks(flat, grids)
                laid = LaidPage(image, flat, rulings, flat, flat, tuple(grids), marks)
                return replace(_read_page(laid, cells, lines), from_layer=True)
        flat = _placed(flatten(image, partial(find_turn, engine=self.engine)), image)
        seen = look(flat)
        seals = find_seals(flat, seen)
        rulings = find_rulings(flat, seals)
        flat = with_enough_toner(flat, rulings)
        clean = without_streaks(flat, rulings)
        grids = find_tables(clean, rulings, seals)
        marks = with_frames(find_marks(clean, grids, seals, seen), rulings.frames)
        bare = without_seals(flat, marks)
        clean = clean if bare is flat else without_streaks(bare, rulings)
        return LaidPage(image, flat, rulings, bare, clean, tuple(grids), marks)

    def read_cells(self, laid: LaidPage) -> ReadPage:
        """A page that is laid out, with what its cells and the lines beside its tables say."""
        share = self.settings.reading.second_look
        return _read_page(laid, *read_page(laid.clean, laid.grids, self.engine, share, laid.bare))

    def settle(self, table: JoinedTable) -> Table:
        """A joined table with what each cell says, read again under the constraint of its kind."""
        kinds = expected_kinds(draft(table), self.vocabulary, self.families)
        return settle(table, kinds, packaged_calibration(), known_texts(self.vocabulary))


def read(
    source: str | Path | bytes,
    settings: Settings | None = None,
    *,
    password: str | None = None,
    name: str | None = None,
) -> Document:
    """Read one document. For more than one, make a `Reader` and keep it: loading the models takes a second.

    Raises:
        ShenbaoError: see `Reader.read`.
    """
    return Reader(settings).read(source, password=password, name=name)


def _read_page(laid: LaidPage, cells: list[tuple[ReadCell, ...]], lines: list[ReadLine]) -> ReadPage:
    marked = [flag_marked(group, laid.marks) for group in cells]
    tables = _tables(laid, marked, lines)
    texts = _texts(laid.flat, lines)
    return ReadPage(laid.image, laid.flat, laid.rulings, tables, texts, tuple(lines), marks=laid.marks)


def _tables(
    laid: LaidPage, cells: Iterable[tuple[ReadCell, ...]], lines: list[ReadLine]
) -> tuple[PageTable, ...]:
    flat, tables = laid.flat, []
    for grid, read_cells in zip(laid.grids, cells, strict=True):
        over = lines_over(grid, laid.grids, lines, flat.char_height)
        title, captions = title_and_captions(grid, 0.0, over, flat.char_height, laid.marks)
        width = float(flat.grey.shape[1])
        tables.append(PageTable(flat.number, width, flat.char_height, grid, read_cells, title, captions))
    return tuple(tables)


def _texts(flat: FlatPage, lines: list[ReadLine]) -> tuple[Text, ...]:
    return tuple(
        Text(
            text=line.reading.text,
            confidence=round(line.reading.weakest, 4),
            polygon=flat.polygon(line.box),
        )
        for line in lines
        if line.reading.chars
    )


@dataclass(frozen=True, eq=False)
class _ToFile:
    """The mapping of flat points to the file's pixels, by way of the picture with square ones."""

    to_picture: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    stretch: tuple[float, float]

    def __call__(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(self.to_picture(points) / np.array(self.stretch), np.float64)


def _placed(flat: FlatPage, image: PageImage) -> FlatPage:
    """The flat page, with places told in the file's pixels where these are not square."""
    if image.stretch == (1.0, 1.0):
        return flat
    return replace(flat, to_delivered=_ToFile(flat.to_delivered, image.stretch))


def _page_facts(page: ReadPage) -> Page:
    return Page(
        number=page.image.number,
        width=page.image.file_size[0],
        height=page.image.file_size[1],
        dpi=page.image.dpi,
        rotation=page.flat.rotation,
        skew=page.flat.skew,
        texts=list(page.texts),
        marks=delivered_marks(page.flat, page.marks),
        text_from="text_layer" if page.from_layer else "picture",
    )
