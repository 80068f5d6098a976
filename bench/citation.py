"""What a paper needs: BibTeX for software and corpus, and the protocol in one paragraph."""

import re

from bench import __version__, statistics
from bench.corpus import Corpus
from bench.report.layout import Subject
from bench.signature import parse
from bench.text import TOKENISER

_SOFTWARE = """@software{{boilerbench,
  title   = {{boilerbench: which boilerplate leaks}},
  author  = {{{{The boilerbench authors}}}},
  version = {{{version}}},
  license = {{Apache-2.0}},
  note    = {{commit {commit}}}
}}"""

_CORPUS = """@misc{{{key},
  title   = {{{title}}},
  author  = {{{{{author}}}}},
  version = {{{version}}},
  note    = {{licence {licence}; pages {digest}, gold {gold}}}
}}"""


def citation(subject: Subject) -> str:
    """Return BibTeX entries for the software and the corpus of a run, and its protocol text."""
    kept = subject.run.provenance
    commit = kept.get("commit", {}).get("id", "")[:12] or "of the release"
    software = _SOFTWARE.format(version=kept["boilerbench"], commit=commit)
    return "\n\n".join([software, _corpus(subject.corpus), _protocol(subject)])


def _corpus(corpus: Corpus) -> str:
    if bibtex := corpus.card.get("bibtex", "").strip():
        return bibtex
    return _CORPUS.format(
        key=re.sub(r"[^A-Za-z0-9_.-]+", "-", f"{corpus.name}_corpus"),
        title=_field(corpus.card.get("title", corpus.name)),
        author=_field(corpus.card.get("author", "The boilerbench authors")),
        version=_field(corpus.version),
        licence=_field(corpus.card.get("licence", "not stated")),
        digest=corpus.digest[:12],
        gold=corpus.gold_digest[:12],
    )


def _field(value: str) -> str:
    """Return a value for BibTeX, which counts braces also where they are escaped."""
    return re.sub(r"([&%$#_])", r"\\\1", re.sub("[{}]", "", value))


def _protocol(subject: Subject) -> str:
    plan, corpus = subject.run.plan, subject.corpus
    return (
        f"We scored {len(plan['contestants'])} systems on the {len(corpus.pages)} pages of "
        f"{corpus.name} {corpus.version} with boilerbench {__version__} "
        f"(metric {subject.metric}, view {subject.view}, tokeniser {TOKENISER}). "
        f"{_execution(subject)}"
        "A page without an answer scores 0; pages without main content are reported apart. "
        "Figures are means over pages. Intervals are 95 % percentile intervals of "
        f"{statistics.RESAMPLES} bootstrap resamples of sites (seed {statistics.SEED}); "
        "differences were tested by sign-flip tests over sites with Holm's correction over all "
        f"pairs at {statistics.ALPHA:g}. Signature: {subject.signature('F1')}."
    )


def _execution(subject: Subject) -> str:
    plan = subject.run.plan
    if subject.run.provenance.get("external"):
        return "The texts were made elsewhere. "
    limits, machine = plan["limits"], subject.run.provenance["machine"]
    cut = parse(subject.signature("F1"))["net"] == "none"
    return (
        f"Each system ran in a process of its own with{'out' if cut else ' an open'} network, "
        f"limited to {limits['page_s']:g} s a page and {limits['memory_mib']} MiB, "
        f"on {machine['cpu']} ({plan['rounds']} rounds, pages interleaved, minimum CPU time per "
        "page). "
    )
