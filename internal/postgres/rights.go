package postgres

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// insufficientPrivilege is PostgreSQL's code for a right that the role lacks.
const insufficientPrivilege = "42501"

// definerFunctions work with the rights of the tables' owner: whoever serves needs to call them.
var definerFunctions = []string{
	"ensure_contact_partitions(timestamptz, timestamptz)", "ensure_telephony_partitions(timestamptz, timestamptz)",
	"drop_telephony_rows(timestamptz)", "settle_partition(text)",
	"begin_contact_changes(int)", "number_contact_changes(bigint, int)", "log_new_contacts(bigint, bigint[])", "restart_contact_changes(text)",
	"forget_contact_changes(timestamptz, int)", "drop_forgotten_contact_changes()",
}

// grantedTablesSQL lists the tables with what is granted of each: the lists of migrations, the tables of single months and
// the changes that have a position are only read, and the audit log grows.
const grantedTablesSQL = `
SELECT rights, array_agg(relname::text ORDER BY relname) FROM (
  SELECT relname, CASE
    WHEN relispartition OR relname IN ('bun_migrations', 'bun_migration_locks', 'compatible_steps', 'river_migration') THEN 'SELECT'
    WHEN relname IN ('contact_changes', 'contact_change_epochs', 'contact_change_horizon') THEN 'SELECT'
    WHEN relname = 'audit_events' THEN 'SELECT, INSERT'
    ELSE 'SELECT, INSERT, UPDATE, DELETE' END AS rights
  FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')) t
GROUP BY rights ORDER BY rights`

// Grants are the statements that give a role what it needs to serve, import and make files: it owns no table then, and cannot
// change the schema. They are executed by the owner, after each migration that makes a table.
func Grants(ctx context.Context, pool *Pool, role string) ([]string, error) {
	var schema string
	if err := pool.QueryRow(ctx, "SELECT current_schema()").Scan(&schema); err != nil {
		return nil, fmt.Errorf("reading the schema: %w", err)
	}
	rows, err := pool.Query(ctx, grantedTablesSQL)
	if err != nil {
		return nil, fmt.Errorf("reading the tables: %w", err)
	}
	within, to := pgx.Identifier{schema}.Sanitize(), " TO "+pgx.Identifier{role}.Sanitize()
	grants := []string{"GRANT USAGE ON SCHEMA " + within + to}
	var rights string
	var tables []string
	if _, err := pgx.ForEachRow(rows, []any{&rights, &tables}, func() error {
		for i, table := range tables {
			tables[i] = pgx.Identifier{schema, table}.Sanitize()
		}
		grants = append(grants, "GRANT "+rights+" ON "+strings.Join(tables, ", ")+to)
		return nil
	}); err != nil {
		return nil, fmt.Errorf("reading the tables: %w", err)
	}
	grants = append(grants, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "+within+to)
	for _, function := range definerFunctions {
		grants = append(grants, "GRANT EXECUTE ON FUNCTION "+within+"."+function+to)
	}
	return grants, nil
}

// hintOfRights says what to grant where a role may not make tables.
func hintOfRights(err error) error {
	refused := (*pgconn.PgError)(nil)
	if !errors.As(err, &refused) || refused.Code != insufficientPrivilege {
		return err
	}
	return fmt.Errorf("%w: the owner of the database can allow it with GRANT CREATE ON SCHEMA public TO the role of --database-url", err)
}
