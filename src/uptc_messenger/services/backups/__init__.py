"""Backups: one file that holds an installation, proofs of it, and the way back."""
