"""What rendering costs, as ratios taken side by side in one run: ``python -m tests.benchmarks``."""
