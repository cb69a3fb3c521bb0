package ingest_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
)

func TestImport_GoesOnAfterItsSessionsWereEnded(t *testing.T) {
	t.Parallel()
	const lines = 1200
	var file bytes.Buffer
	for i := range lines {
		fmt.Fprintf(&file, `{"kind":"contact","externalId":"E-%d","type":"INBOUND_CALL","status":"ANSWERED","startedAt":"2024-03-04T08:09:16+01:00",`+
			`"sourceAddress":"+48501723%03d","campaign":{"externalId":"c%d","name":"C"},"agent":{"externalId":"a%d","name":"A"}}`+"\n", i, i%1000, i%7, i%11)
	}
	for _, retry := range []bool{true, false} {
		database := pgtest.New(t)
		pool := database.Open(t, postgres.Config{PreparedStatements: true})
		var told []bool
		chunks, ended := 0, 0
		config := ingest.Config{ChunkSize: 100, Progress: func(ingest.Progress) {
			if chunks++; chunks%3 != 0 {
				return
			}
			err := database.Pool.QueryRow(context.Background(), `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
				WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`).Scan(&ended)
			if err != nil || ended == 0 {
				t.Errorf("%d sessions were ended, %v", ended, err)
			}
		}}
		if retry {
			config.Retry = postgres.Retry{For: time.Minute, Away: func(away bool) { told = append(told, away) }}
		}
		result, err := ingest.Import(t.Context(), pool, bytes.NewReader(file.Bytes()), config)
		if !retry {
			if !postgres.IsAway(err) || result.Recorded != 300 {
				t.Errorf("without a retry: %+v, %v", result, err)
			}
			continue
		}
		if err != nil || result.Recorded != lines || result.Lines != lines {
			t.Errorf("%+v, %v, want that %d are recorded", result, err, lines)
		}
		if !slices.Contains(told, true) || told[len(told)-1] {
			t.Errorf("told %v, want that the database was away and is back", told)
		}
		if missing := database.Untied(t); missing != 0 {
			t.Errorf("%d ties are missing", missing)
		}
	}
}
