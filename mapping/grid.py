"""Neighbourhood in a table: which cell stands at, right of and below a place, spans included."""

from collections.abc import Iterator

from shenbao.models.document import Cell, CellRef, Table

Place = tuple[int, int]
"""Row and column where a cell starts."""


def place(cell: Cell) -> Place:
    return cell.row, cell.col


def is_blank(cell: Cell | None) -> bool:
    return cell is None or not cell.text.strip()


class CellGrid:
    """A table looked up by row and column. Holes, which a misread grid may have, give None."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._cells: dict[Place, Cell] = {}
        for cell in table.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for col in range(cell.col, cell.col + cell.col_span):
                    self._cells.setdefault((row, col), cell)

    def at(self, row: int, col: int) -> Cell | None:
        return self._cells.get((row, col))

    def row(self, row: int) -> list[Cell]:
        """Cells that cover the row, left to right, those that start above included."""
        found: dict[Place, Cell] = {}
        for col in range(self.table.n_cols):
            cell = self.at(row, col)
            if cell is not None:
                found.setdefault(place(cell), cell)
        return list(found.values())

    def starting(self, row: int) -> list[Cell]:
        """Cells whose first row is `row`, left to right."""
        return [cell for cell in self.row(row) if cell.row == row]

    def right_of(self, cell: Cell) -> Cell | None:
        """The neighbour right of a cell's first row."""
        return self.at(cell.row, cell.col + cell.col_span)

    def below(self, cell: Cell) -> Cell | None:
        """The neighbour below: of several, the one under the cell's middle."""
        return self.at(cell.row + cell.row_span, cell.col + (cell.col_span - 1) // 2)

    def beside(self, cell: Cell) -> Iterator[Cell]:
        """All cells right of a cell in the rows that it spans, in reading order, each once."""
        seen: set[Place] = set()
        for row in range(cell.row, cell.row + cell.row_span):
            for other in self.starting(row):
                if other.col > cell.col and place(other) not in seen:
                    seen.add(place(other))
                    yield other

    def leading(self, cell: Cell) -> Iterator[Cell]:
        """Cells left of a cell in its first row, nearest first."""
        col = cell.col - 1
        while col >= 0:
            left = self.at(cell.row, col)
            if left is None:
                return
            yield left
            col = left.col - 1

    def above(self, cell: Cell) -> Iterator[Cell]:
        """Cells above a cell's first column, nearest first."""
        row = cell.row - 1
        while row >= 0:
            upper = self.at(row, cell.col)
            if upper is None:
                return
            yield upper
            row = upper.row - 1

    def ref(self, cell: Cell) -> CellRef:
        return CellRef(table=self.table.id, row=cell.row, col=cell.col)
