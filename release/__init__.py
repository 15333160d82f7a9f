"""A release: its changelog, its bill of materials, its distributions and their proof."""
