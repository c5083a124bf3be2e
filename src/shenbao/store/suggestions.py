"""Names on the forms that the vocabulary does not know: people confirm or reject them."""

from sqlalchemy import select
from sqlalchemy.orm import Session as Transaction

from shenbao.models.document import Document as Contract
from shenbao.store.models import Suggestion

LONGEST = 60
"""Characters of a name; what is longer is a sentence."""


def suggest(transaction: Transaction, document_id: int, document: Contract) -> None:
    """Adds the third-level names of a document that are new, below their second level."""
    found: dict[tuple[str, str], tuple[str, float]] = {}
    for record in document.records:
        for indicator in record.indicators:
            name, second = indicator.level3, indicator.level2
            if name is None or second is None or not second.value or name.status != "accepted":
                continue
            if name.match is None or name.match.name is not None or not 1 < len(name.text) <= LONGEST:
                continue
            found[second.value, name.text] = (name.match.nearest, name.match.score)
    for (below, form), (nearest, score) in found.items():
        known = select(Suggestion.id).where(
            Suggestion.group == "level3", Suggestion.below == below, Suggestion.form == form
        )
        if transaction.scalar(known) is None:
            transaction.add(
                Suggestion(
                    group="level3",
                    below=below,
                    form=form,
                    nearest=nearest,
                    score=score,
                    document_id=document_id,
                    state="open",
                )
            )
