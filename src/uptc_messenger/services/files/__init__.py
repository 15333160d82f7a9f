"""Files: uploaded in parts, looked into by decoders that are fenced in, kept in a store."""
