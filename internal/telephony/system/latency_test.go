package system_test

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/asterisk/exchangetest"
)

const (
	// callsEachSecond is how many calls a busy exchange begins in a second.
	callsEachSecond = 10
	// usualSeconds is for how long they are played; KONTAKTY_TEST_PLAYED_SECONDS asks for longer.
	usualSeconds = 10
	// seenWithin is how soon all but one of twenty calls are to be contacts where that is measured, on a machine that does nothing
	// else; looselyWithin where other tests run beside.
	seenWithin, looselyWithin = 3 * time.Second, 20 * time.Second
)

var uniqueIDs = regexp.MustCompile(`\b(17958\d{5})\.(\d+)\b`)

// another is a recorded call as if it were another one, of another agent.
func another(call [][]string, number int) [][]string {
	rows := make([][]string, len(call))
	for i, row := range call {
		rows[i] = slices.Clone(row)
		for j, value := range row {
			value = uniqueIDs.ReplaceAllStringFunc(value, func(id string) string {
				second, place, _ := strings.Cut(id, ".")
				within, _ := strconv.Atoi(place)
				return fmt.Sprintf("%s.%d", second, number*1000+within)
			})
			rows[i][j] = strings.ReplaceAll(value, "/201", fmt.Sprintf("/2%05d", number))
		}
		rows[i][1] = call[i][1]
	}
	return rows
}

// TestFollower_ShowsCallsWithinSeconds writes ten calls a second into the exchange's table, and looks when each is a contact.
func TestFollower_ShowsCallsWithinSeconds(t *testing.T) {
	seconds, within := usualSeconds, looselyWithin
	if given := os.Getenv("KONTAKTY_TEST_PLAYED_SECONDS"); given != "" {
		var err error
		if seconds, err = strconv.Atoi(given); err != nil {
			t.Fatal(err)
		}
		within = seenWithin
	}
	x := exchangetest.Start(t)
	pool := pgtest.New(t).Open(t, postgres.Config{PreparedStatements: true})
	source := followedSource(t, x.Address, "")
	source.PollEvery = telephony.Span(time.Second)
	call := recordedRows(t, "s04")
	x.Write(t, source.Location(), another(call, 0)...)
	stop := start(t, source, pool, func(text string) { t.Log(text) })
	waitFor(t, pool, "SELECT count(*)::text FROM contacts", "1")

	seen := make(chan map[string]time.Time, 1)
	total := seconds * callsEachSecond
	go func() { seen <- watchContacts(t, pool, total+1) }()
	written := map[string]time.Time{}
	ticker := time.NewTicker(time.Second / callsEachSecond)
	defer ticker.Stop()
	for number := 1; number <= total; number++ {
		<-ticker.C
		x.Write(t, source.Location(), another(call, number)...)
		written[fmt.Sprintf("pbx1:1795816810.%d", number*1000+21)] = time.Now()
	}
	contacts := <-seen
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	var took []time.Duration
	for key, at := range written {
		if found, known := contacts[key]; known {
			took = append(took, max(0, found.Sub(at)))
		} else {
			t.Errorf("%s is no contact", key)
		}
	}
	if len(took) == 0 {
		t.Fatal("no call became a contact")
	}
	slices.Sort(took)
	most := took[len(took)*95/100]
	t.Logf("%d calls of %d rows: seen after %v in the middle, %v at p95, %v at most", len(took), len(call), took[len(took)/2], most, took[len(took)-1])
	if most > within {
		t.Errorf("p95 is %v, want at most %v", most, within)
	}
}

// watchContacts notes when each contact is there, until there are as many as wanted or none comes for long.
func watchContacts(t *testing.T, pool *postgres.Pool, wanted int) map[string]time.Time {
	seen := map[string]time.Time{}
	last := time.Now()
	for len(seen) < wanted && time.Since(last) < 30*time.Second && t.Context().Err() == nil {
		rows, err := pool.Query(t.Context(), "SELECT external_id FROM contacts WHERE status = 'ANSWERED'")
		if err != nil {
			break
		}
		var key string
		now := time.Now()
		for rows.Next() {
			if err := rows.Scan(&key); err != nil {
				break
			}
			if _, known := seen[key]; !known {
				seen[key], last = now, now
			}
		}
		rows.Close()
		time.Sleep(50 * time.Millisecond)
	}
	return seen
}
