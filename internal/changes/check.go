package changes

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/postgres"
)

// longestWait is how long a change may wait for its position while somebody numbers.
const longestWait = time.Hour

// checks give what is wrong with the log, a sentence a row.
var checks = []string{
	`SELECT 'CHANGES_BELOW_HORIZON ' || count(*) || ' changes are there that count as removed' FROM contact_changes
		WHERE position <= (SELECT max(gone_to) FROM contact_change_horizon) HAVING count(*) > 0`,
	`SELECT 'CHANGE_EPOCHS epoch ' || epoch || ' began behind ' || began_behind || ', before the one ahead of it' FROM
		(SELECT epoch, began_behind, max(began_behind) OVER (ORDER BY epoch ROWS UNBOUNDED PRECEDING) AS highest FROM contact_change_epochs) e
		WHERE began_behind >= 0 AND began_behind < highest`,
	`SELECT 'CHANGE_POSITIONS position ' || position || ' is more than a minute older than one below it' FROM
		(SELECT position, at, max(at) OVER (ORDER BY position ROWS UNBOUNDED PRECEDING) AS newest FROM contact_changes) c
		WHERE at < newest - interval '1 minute' ORDER BY position LIMIT 10`,
	`SELECT 'CHANGE_POSITIONS position ' || max(position) || ' was never given' FROM contact_changes
		HAVING max(position) > (SELECT last_value FROM contact_change_positions)`,
	`SELECT 'CHANGE_HORIZON there are ' || count(*) || ' horizons' FROM contact_change_horizon HAVING count(*) <> 1`,
}

const waitingSQL = `SELECT 'CHANGES_UNNUMBERED ' || count(*) || ' changes have waited for their positions for more than an hour: nobody serves' FROM contact_changes_unnumbered
	WHERE at < clock_timestamp() - make_interval(secs => $1) HAVING count(*) > 0`

// Check says what is wrong with the log, a line each.
func Check(ctx context.Context, pool *postgres.Pool) ([]string, error) {
	var wrong []string
	err := pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		ask := func(sql string, arguments ...any) error {
			rows, err := tx.Query(ctx, sql, arguments...)
			if err != nil {
				return err
			}
			found, err := pgx.CollectRows(rows, pgx.RowTo[string])
			wrong = append(wrong, found...)
			return err
		}
		for _, sql := range checks {
			if err := ask(sql); err != nil {
				return err
			}
		}
		return ask(waitingSQL, longestWait.Seconds())
	})
	if err != nil {
		return nil, fmt.Errorf("checking the log of changes: %w", err)
	}
	return wrong, nil
}
