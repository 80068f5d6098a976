"""Kinds of block, and the views that say which of them count as main content."""

from collections.abc import Mapping
from typing import Literal

from bench.errors import BenchError, unknown

Role = Literal["keep", "optional", "drop"]

# Main content, or possibly so (GUIDELINES.md says when)
CONTENT_KINDS = ("body", "title", "caption", "optional")
# The 30 kinds of boilerplate, in the order of the taxonomy (GUIDELINES.md)
BOILERPLATE_KINDS = (
    "skip-link",
    "site-header",
    "main-nav",
    "breadcrumb",
    "site-search",
    "login-account",
    "visitor-counter",
    "online-users",
    "company-info",
    "copyright-legal",
    "platform-credit",
    "post-meta",
    "author-card",
    "tag-list",
    "share-vote-bar",
    "item-toolbar",
    "comments",
    "comment-empty",
    "comment-form",
    "prev-next",
    "related-links",
    "rank-latest-list",
    "pagination-toc",
    "sidebar-widget",
    "advert-sponsored",
    "subscribe-paywall",
    "consent-popup",
    "poll",
    "locale-switch",
    "hidden-technical",
)
KINDS = CONTENT_KINDS + BOILERPLATE_KINDS

DEFAULT_VIEW = "main"
# What is not named is dropped. `optional` blocks are neither rewarded nor punished.
VIEWS: Mapping[str, Mapping[str, Role]] = {
    "main": {"body": "keep", "title": "optional", "caption": "optional", "optional": "optional"},
    "strict": {"body": "keep", "optional": "optional"},
    "full": {
        "body": "keep",
        "title": "keep",
        "caption": "keep",
        "comments": "keep",
        "optional": "optional",
    },
}


def role(view: str, kind: str) -> Role:
    """Return what a view does with a kind of block."""
    return VIEWS[view].get(kind, "drop")


def checked_view(name: str) -> str:
    """Return the name of a view, or raise BenchError with the valid ones."""
    if name not in VIEWS:
        raise BenchError(unknown("view", name, VIEWS))
    return name
