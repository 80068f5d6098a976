"""Figures that others have published, to be met: facts, with their sources."""

# scrapinghub/article-extraction-benchmark, README at commit 4a3bc97: F1, P, R, accuracy
ZYTE = {
    "AutoExtract": (0.970, 0.984, 0.956, 0.470),
    "Diffbot": (0.951, 0.958, 0.944, 0.348),
    "rs_trafilatura": (0.970, 0.951, 0.990, 0.287),
    "go_trafilatura": (0.960, 0.940, 0.980, 0.287),
    "trafilatura": (0.958, 0.938, 0.978, 0.293),
    "newspaper": (0.949, 0.964, 0.934, 0.326),
    "news_please": (0.948, 0.964, 0.933, 0.326),
    "readability_js": (0.947, 0.914, 0.982, 0.166),
    "go_readability_fork": (0.947, 0.914, 0.982, 0.166),
    "go_readability": (0.934, 0.900, 0.971, 0.188),
    "go_domdistiller": (0.927, 0.901, 0.956, 0.061),
    "readability": (0.922, 0.913, 0.931, 0.315),
    "dragnet": (0.907, 0.925, 0.889, 0.221),
    "goose3": (0.896, 0.940, 0.856, 0.232),
    "readable_readability": (0.884, 0.886, 0.881, 0.177),
    "readability_rs": (0.873, 0.906, 0.843, 0.227),
    "dom_smoothie": (0.865, 0.785, 0.963, 0.055),
    "boilerpipe": (0.860, 0.850, 0.870, 0.006),
    "readabilityrs": (0.832, 0.745, 0.943, 0.028),
    "llm_readability": (0.829, 0.851, 0.809, 0.077),
    "justext": (0.804, 0.858, 0.756, 0.088),
    "boilerpipe_rs": (0.739, 0.761, 0.717, 0.000),
    "inscriptis": (0.679, 0.517, 0.992, 0.000),
    "html-text": (0.665, 0.500, 0.994, 0.000),
    "beautifulsoup": (0.665, 0.499, 0.994, 0.000),
    "html2text": (0.662, 0.499, 0.983, 0.000),
}

# WCXB's own scorer on the 1,308 dev pages of the pack: gold against itself, and empty predictions
WCXB = {"gold F1": 1.0, "gold without": 0.0119, "empty F1": 0.0138}
