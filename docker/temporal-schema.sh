#!/bin/sh
# Makes Temporal's two databases, or brings them up to date. Every step may be run again.
set -eu

sql() {
  database=$1
  shift
  temporal-sql-tool --plugin postgres12 --ep temporal-database -p 5432 -u temporal --db "$database" "$@"
}

for database in temporal temporal_visibility; do
  sql "$database" create
  sql "$database" setup-schema -v 0.0
done
versions=/etc/temporal/schema/postgresql/v12
sql temporal update-schema -d "$versions/temporal/versioned"
sql temporal_visibility update-schema -d "$versions/visibility/versioned"
