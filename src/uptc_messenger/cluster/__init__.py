"""The whole distributed system on one machine: for trying, teaching and tests."""
