"""A conversation as one page that needs nothing else: to keep, to read, to print."""
