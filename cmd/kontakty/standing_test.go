package main

import (
	"context"
)

// standing is how a download stands, as far as the API tells and a bit further.
type standing struct {
	State              string
	Attempt, Handovers int
	Done               int
	BlobKey, ErrorCode string
	ErrorPL            string
	Whole              string // the row with every column
}

func (s standing) final() bool { return s.State != "QUEUED" && s.State != "RUNNING" }

func (s *site) stands(id int64) standing {
	s.t.Helper()
	var row standing
	err := s.pool.QueryRow(s.t.Context(), `SELECT state::text, attempt, handovers, contacts_done, coalesce(blob_key, ''), coalesce(error_code, ''),
		coalesce(error_pl, ''), d::text FROM downloads d WHERE id = $1`, id).
		Scan(&row.State, &row.Attempt, &row.Handovers, &row.Done, &row.BlobKey, &row.ErrorCode, &row.ErrorPL, &row.Whole)
	if err != nil {
		s.t.Fatal(err)
	}
	return row
}

// await waits until a download stands as wanted.
func (s *site) await(id int64, what string, stands func(standing) bool) standing {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), patience)
	defer cancel()
	for {
		row := s.stands(id)
		if stands(row) {
			return row
		}
		if _, err := s.changes.WaitForNotification(ctx); err != nil {
			s.t.Fatalf("the download is not %s but %s (attempt %d): %v", what, row.State, row.Attempt, err)
		}
	}
}

func (s *site) awaitFinal(id int64) standing {
	s.t.Helper()
	return s.await(id, "finished", standing.final)
}
