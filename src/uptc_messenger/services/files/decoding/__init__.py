"""Looking into files: in a process of its own, with little memory and little time."""
