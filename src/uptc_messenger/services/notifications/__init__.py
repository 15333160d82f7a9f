"""Telling people what they miss: how they want it, to which devices, and the work of it."""
