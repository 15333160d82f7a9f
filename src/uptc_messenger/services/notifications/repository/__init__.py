"""The SQL of notifications: settings, devices, how far the logs are read, and what is due."""
