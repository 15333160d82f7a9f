"""Benchmarks: figures as CPU per unit, beside floors measured in the same run."""
