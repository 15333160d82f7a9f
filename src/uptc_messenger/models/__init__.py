"""Data structures shared by every floor: frozen, no I/O, no framework."""
