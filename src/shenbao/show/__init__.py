"""Pictures for people: what was found on a page, drawn over it."""

from shenbao.show.overlay import draw_page
from shenbao.show.results import draw_result
from shenbao.show.stages import Stage, draw_stage
from shenbao.show.viewer import document_html

__all__ = ["Stage", "document_html", "draw_page", "draw_result", "draw_stage"]
