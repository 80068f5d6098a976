"""Statistics: seeded intervals for means over pages, resampling sites."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
SEED = 20240807  # the date of the post that started the project
LEVEL = 95.0
# Below this many sites a percentile interval is too narrow (coverage 85-92 % at 10 sites)
FEW_SITES = 20

Floats = NDArray[np.float64]


def intervals(values: Floats, sites: Sequence[str]) -> Floats:
    """Return the low and high end of each row's mean, shape rows × 2, in the values' unit.

    `values` is rows × pages. Paired weight bootstrap: each resample draws as many sites as there
    are, with replacement, the same draw for every row, and takes the mean over the drawn sites'
    pages (Efron & Tibshirani, "An Introduction to the Bootstrap", 1993, ch. 13). NaN for no page;
    both ends are the mean where there is one site only.
    """
    if not values.shape[1]:
        return np.full((values.shape[0], 2), np.nan)
    sums, sizes = by_site(values, sites)
    weights = resampled_weights(len(sizes))
    means = (weights @ sums.T) / (weights @ sizes)[:, None]
    tail = (100 - LEVEL) / 2
    return np.percentile(means, [tail, 100 - tail], axis=0).T


def by_site(values: Floats, sites: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the sums of the values by site, rows × sites, and the pages of each site."""
    _, index = np.unique(np.array(sites), return_inverse=True)
    member = np.zeros((len(sites), index.max() + 1))
    member[np.arange(len(sites)), index] = 1.0
    return values @ member, member.sum(axis=0)


def resampled_weights(sites: int) -> Floats:
    """Return how often each resample draws each site, resamples × sites."""
    draw = np.random.default_rng(SEED).multinomial(sites, np.full(sites, 1 / sites), RESAMPLES)
    return draw.astype(np.float64)
