"""Tools that know nothing of messengers."""
