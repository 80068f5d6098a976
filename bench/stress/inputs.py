"""All hostile inputs, by theme; a new one is a function in one of them."""

from collections.abc import Mapping, Sequence

from bench.errors import BenchError, unknown
from bench.stress.encodings import ENCODINGS
from bench.stress.pen import Input
from bench.stress.structure import STRUCTURE
from bench.stress.tricks import TRICKS
from bench.stress.volume import VOLUME

INPUTS: Mapping[str, Input] = {**ENCODINGS, **STRUCTURE, **VOLUME, **TRICKS}


def chosen(names: Sequence[str]) -> list[Input]:
    """Return inputs by name, in the order given, or all; BenchError names each unknown one."""
    if strange := [name for name in dict.fromkeys(names) if name not in INPUTS]:
        raise BenchError([unknown("input", name, INPUTS) for name in strange])
    return [INPUTS[name] for name in dict.fromkeys(names)] or [*INPUTS.values()]
