"""How many clips are rendered at the same time, where nobody says it: one on each core that this process may use."""

import os

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
