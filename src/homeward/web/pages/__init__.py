"""The workbench: pages for people, each of which answers one question; they read views and build changes."""

from homeward.web.pages.analyses import router as analyses
from homeward.web.pages.audit import router as audit
from homeward.web.pages.board import router as board
from homeward.web.pages.candidates import router as candidates
from homeward.web.pages.entrance import router as entrance
from homeward.web.pages.families import router as families
from homeward.web.pages.people import router as people
from homeward.web.pages.remains import router as remains
from homeward.web.pages.reports import router as reports

__all__ = ["analyses", "audit", "board", "candidates", "entrance", "families", "people", "remains", "reports"]
