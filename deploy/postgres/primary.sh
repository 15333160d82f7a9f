#!/bin/sh
# The first start of the primary: the standby may replicate. From the next start on, which is
# the one that others reach, every commit waits for it.
set -eu
psql -U "$POSTGRES_USER" -d "$POSTGRES_DB" -c "ALTER SYSTEM SET synchronous_standby_names = '*'"
echo "host replication uptc all scram-sha-256" >>"$PGDATA/pg_hba.conf"
