"""What the messenger does, one package a noun."""
