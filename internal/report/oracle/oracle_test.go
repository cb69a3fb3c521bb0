package oracle

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/pgtest"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/report"
)

var (
	queries  = flag.Int("oracle.queries", 20_000, "how many queries are compared")
	seed     = flag.Uint64("oracle.seed", 1, "the seed of the data and of the questions")
	onlyCase = flag.Int64("oracle.case", -1, "ask the questions of this case alone, to replay a difference")
	contacts = flag.Int("oracle.contacts", 6_000, "how many contacts the questions are about")
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// queriesPerWorld bounds how many questions are asked about the same data.
const queriesPerWorld = 100_000

// TestStore_AnswersLikeTheOracle asks the store and the oracle the same random questions.
func TestStore_AnswersLikeTheOracle(t *testing.T) {
	t.Parallel()
	for left, seed := *queries*4/5, *seed; left > 0; left, seed = left-queriesPerWorld, seed+1 {
		compare(t, seed, generate(seed, *contacts), min(left, queriesPerWorld))
	}
}

// TestStore_AnswersLikeTheOracleInACrowd asks about contacts of which very many start at the same moment.
func TestStore_AnswersLikeTheOracleInACrowd(t *testing.T) {
	t.Parallel()
	for left, seed := *queries/5, *seed; left > 0; left, seed = left-queriesPerWorld, seed+1 {
		compare(t, seed, generateCrowd(seed, *contacts/4), min(left, queriesPerWorld))
	}
}

// TestStore_AnswersLikeTheOracleAmongMany asks about so many contacts that criteria are weighed and durations are walked.
func TestStore_AnswersLikeTheOracleAmongMany(t *testing.T) {
	t.Parallel()
	for left, seed := *queries/10, *seed; left > 0; left, seed = left-queriesPerWorld, seed+1 {
		compare(t, seed, generate(seed, *contacts*8), min(left, queriesPerWorld))
	}
}

func compare(t *testing.T, seed uint64, w *world, budget int) {
	t.Helper()
	e := newExaminer(t, w)
	var (
		next     atomic.Int64
		workers  sync.WaitGroup
		failures atomic.Int64
	)
	ask := func(number int64) {
		x := e.examination(newDice(seed, uint64(number)+1))
		if err := x.run(t.Context()); err != nil {
			failures.Add(1)
			t.Errorf("%v\nquestion: %s\nreplay: go test ./internal/report/oracle -run ^%s$ -oracle.seed=%d -oracle.contacts=%d -oracle.case=%d",
				err, describe(x.q), t.Name(), seed, *contacts, number)
		}
	}
	if *onlyCase >= 0 {
		ask(*onlyCase)
		return
	}
	for range 4 {
		workers.Go(func() {
			for e.asked.Load() < int64(budget) && failures.Load() < 8 && t.Context().Err() == nil {
				ask(next.Add(1))
			}
		})
	}
	workers.Wait()
	t.Logf("seed %d: %d queries in %d cases: %d lists empty, %d to 10 rows, %d to 200, %d longer; %d questions refused",
		seed, e.asked.Load(), next.Load(), e.sizes[0].Load(), e.sizes[1].Load(), e.sizes[2].Load(), e.sizes[3].Load(), e.refusals.Load())
	if e.sizes[0].Load()*2 > next.Load() {
		t.Errorf("more than half of the questions have an empty answer: they prove little")
	}
}

func describe(q question) string {
	text, err := json.Marshal(struct {
		question
		Zone string
	}{q, q.Zone.String()})
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// examiner compares a store over a database with the world that was loaded into it.
type examiner struct {
	w         *world
	database  *pgtest.Database
	directory *directory.Directory
	signer    *relay.Signer

	asked, refusals atomic.Int64
	sizes           [4]atomic.Int64
}

func newExaminer(t *testing.T, w *world) *examiner {
	t.Helper()
	database := pgtest.New(t)
	load(t, database.Pool.Pool, w)
	signer := relay.NewSigner([]byte("a key for tests alone, 32 bytes."))
	directory := directory.New(database.Pool.DB, signer, time.Now)
	if err := directory.Refresh(t.Context()); err != nil {
		t.Fatalf("fill the directory: %v", err)
	}
	return &examiner{w: w, database: database, directory: directory, signer: signer}
}

// reader reads a store whose clock stands at the moment of a question.
func (e *examiner) reader(q question) *report.Reader { return e.readerSignedBy(e.signer, q) }

// TestQuestion_IsRepeatedExactly guards that a difference can be replayed from its numbers.
func TestQuestion_IsRepeatedExactly(t *testing.T) {
	t.Parallel()
	once, twice := generate(7, 500), generate(7, 500)
	for i := range 2_000 {
		a, b := once.asker(newDice(7, uint64(i))).question(), twice.asker(newDice(7, uint64(i))).question()
		if describe(a) != describe(b) {
			t.Fatalf("case %d differs:\n%s\n%s", i, describe(a), describe(b))
		}
	}
}

// tally notes how long the answer to a question is.
func (e *examiner) tally(rows int) {
	switch {
	case rows == 0:
		e.sizes[0].Add(1)
	case rows <= 10:
		e.sizes[1].Add(1)
	case rows <= 200:
		e.sizes[2].Add(1)
	default:
		e.sizes[3].Add(1)
	}
}

// list asks the store for a page.
func (e *examiner) list(ctx context.Context, q question, page relay.PageArgs, columns contact.Columns) (*report.Connection, error) {
	e.asked.Add(1)
	connection, err := e.reader(q).List(ctx, report.ListQuery{Filter: q.Filter, Within: q.Within, Order: q.Order, Page: page, Columns: columns})
	if err == nil && connection == nil {
		return nil, fmt.Errorf("List gave neither a page nor an error")
	}
	return connection, err
}
