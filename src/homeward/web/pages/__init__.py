"""The workbench: pages for people, each of which answers one question; they read views and build changes."""

from homeward.web.pages.analyses import router as analyses
from homeward.web.pages.audit import router as audit
from homeward.web.pages.board import router as board
from homeward.web.pages.candidates import router as candidates
from homeward.web.pages.data import router as data
from homeward.web.pages.drawing import router as drawing
from homeward.web.pages.entrance import router as entrance
from homeward.web.pages.families import router as families
from homeward.web.pages.findings import router as findings
from homeward.web.pages.imports import router as imports
from homeward.web.pages.individuals import router as individuals
from homeward.web.pages.jobs import router as jobs
from homeward.web.pages.matrix import router as matrix
from homeward.web.pages.people import router as people
from homeward.web.pages.remains import router as remains
from homeward.web.pages.reports import router as reports
from homeward.web.pages.settings import router as settings

__all__ = [
    "analyses",
    "audit",
    "board",
    "candidates",
    "data",
    "drawing",
    "entrance",
    "families",
    "findings",
    "imports",
    "individuals",
    "jobs",
    "matrix",
    "people",
    "remains",
    "reports",
    "settings",
]
