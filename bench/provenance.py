"""Provenance: what a run was made by, on what, and under which isolation."""

import hashlib
import importlib.metadata
import os
import platform
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench import __version__, text
from bench.corpus import CHECKOUT, Corpus
from bench.parts import sha256_of
from bench.records import Life, Timing
from bench.runs import JOURNALS, Run

# A worker that reports less than this share of its process tree's CPU is marked (DESIGN)
HONEST_SHARE = 0.8
# proc(5) counts CPU in ticks of 10 ms; below this total the share is noise
MEASURABLE_NS = 1_000_000_000


def environment_digest() -> str:
    """Return the SHA-256 of the names and versions of all packages beside boilerbench."""
    found = sorted(
        f"{dist.metadata['Name']}=={dist.version}\n" for dist in importlib.metadata.distributions()
    )
    return hashlib.sha256("".join(found).encode()).hexdigest()


def of_run(run: Run, corpus: Corpus) -> dict[str, Any]:
    """Return what `run.json` holds."""
    lives = run.lives()
    return {
        "boilerbench": __version__,
        "commit": _commit(),
        "corpus": {"digest": corpus.digest, "gold": corpus.gold_digest},
        "unicode": text.UNICODE,
        "machine": _machine(),
        "contestants": _contestants(lives),
        "network": sorted({life.isolation.get("network", "open") for life in lives}),
        "unsteady": _unsteady(run.read_timings()),
        "underreported": _underreported(lives, run.read_timings()),
        "journals": journal_digests(run),
    }


def journal_digests(run: Run) -> dict[str, str]:
    """Return the SHA-256 of each journal of a run, by file name."""
    return {name: sha256_of(run.folder / name) for name in JOURNALS}


def _commit() -> dict[str, Any]:
    """Return the commit of the checkout and whether it was changed; empty for a wheel."""
    if not (CHECKOUT / ".git").exists():
        return {}
    return {"id": _git("rev-parse", "HEAD"), "dirty": bool(_git("status", "--porcelain"))}


def _git(*words: str) -> str:
    git = ["git", "-C", str(CHECKOUT), *words]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()


def _machine() -> dict[str, Any]:
    cpu = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return {
        "platform": platform.platform(),
        "cpu": cpu[0] if cpu else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
    }


def _contestants(lives: list[Life]) -> dict[str, Any]:
    """Return the first hello of each contestant, without what differs between its workers."""
    hellos: dict[str, Any] = {}
    for life in lives:
        hello = {key: life.hello.get(key) for key in ("version", "runtime", "packages")}
        hellos.setdefault(life.extractor, hello)
    return dict(sorted(hellos.items()))


def _unsteady(timings: Iterable[Timing]) -> list[str]:
    """Return "extractor page" for texts or outcomes that differ between rounds."""
    first: dict[str, str] = {}
    unsteady = set()
    for timing in timings:
        key, outcome = f"{timing.extractor} {timing.page}", timing.digest + timing.status
        if not timing.warmup and first.setdefault(key, outcome) != outcome:
            unsteady.add(key)
    return sorted(unsteady)


def _underreported(lives: list[Life], timings: Iterable[Timing]) -> dict[str, float]:
    """Return contestants whose reported CPU is < .8 of their process trees', with the share."""
    reported: dict[str, int] = defaultdict(int)
    measured: dict[str, int] = defaultdict(int)
    last: dict[str, int] = {}
    for timing in timings:
        reported[timing.extractor] += timing.cpu_ns
        last[timing.worker] = timing.tree_cpu_ns
    for life in lives:
        reported[life.extractor] += life.startup_cpu_ns
        measured[life.extractor] += last.get(life.worker, 0)
    shares = {name: reported[name] / ns for name, ns in measured.items() if ns > MEASURABLE_NS}
    return {name: round(share, 3) for name, share in shares.items() if share < HONEST_SHARE}
