#!/bin/sh
# A standby that copies the primary once, and follows it from then on.
set -eu
data=/var/lib/postgresql/data
if [ ! -s "$data/PG_VERSION" ]; then
	until pg_basebackup -D "$data" -R -X stream -c fast \
		-d "host=postgres-1 user=uptc application_name=postgres-2"; do sleep 2; done
	chmod 0700 "$data"
fi
# Once promoted it must not wait for a standby that it does not have.
exec postgres -D "$data" -c hot_standby=on -c wal_keep_size=1GB -c synchronous_standby_names=
