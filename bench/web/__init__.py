"""The bars of the web client, measured in Chromium against a real server."""
