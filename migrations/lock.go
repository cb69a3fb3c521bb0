package migrations

import (
	"regexp"
	"slices"
	"strings"
)

// Mode is how strong a lock on a table or an index is, as PostgreSQL names it.
type Mode string

// The modes that statements of steps take, the weakest first.
const (
	AccessShare          Mode = "ACCESS SHARE"
	RowExclusive         Mode = "ROW EXCLUSIVE"
	ShareUpdateExclusive Mode = "SHARE UPDATE EXCLUSIVE"
	Share                Mode = "SHARE"
	ShareRowExclusive    Mode = "SHARE ROW EXCLUSIVE"
	AccessExclusive      Mode = "ACCESS EXCLUSIVE"
)

// modes are all of them, the weakest first.
var modes = []Mode{AccessShare, RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, AccessExclusive}

// Waiting says who waits while the lock is held.
func (m Mode) Waiting() string {
	switch {
	case m == AccessExclusive:
		return "readers and writers wait"
	case slices.Index(modes, m) >= slices.Index(modes, Share):
		return "writers wait"
	default:
		return "nobody waits"
	}
}

// Lock is a lock that a statement takes.
type Lock struct {
	// Relation is the table or the index.
	Relation string
	// Mode is how strong it is.
	Mode Mode
}

// Index names the index that a statement builds beside readers and writers, "" if it builds none. If it is cut off, an index
// is left that is not valid.
func (s Statement) Index() string {
	w := wordsOf(s.SQL)
	w.skip("CREATE")
	w.skip("UNIQUE")
	if !w.skip("INDEX") || !w.skip("CONCURRENTLY") {
		return ""
	}
	w.skip("IF NOT EXISTS")
	return w.take()
}

// Concurrent says that a statement waits for the transactions of others while it makes nobody wait.
func (s Statement) Concurrent() bool {
	return slices.ContainsFunc(wordsOf(s.SQL).rest, func(word string) bool { return strings.EqualFold(word, "CONCURRENTLY") })
}

// Opaque says that nobody can tell from the statement alone which locks it takes: it executes a body or a function.
func (s Statement) Opaque() bool {
	w := wordsOf(s.SQL)
	return w.skip("DO") || w.skip("CALL") || w.skip("SELECT")
}

// Locks are those that a statement takes on tables and indexes that exist before it, as PostgreSQL documents them.
func (s Statement) Locks() []Lock {
	w := wordsOf(s.SQL)
	switch {
	case w.skip("CREATE"):
		return w.created(s.Concurrent())
	case w.skip("ALTER TABLE"):
		return w.altered()
	case w.skip("ALTER INDEX"):
		w.skip("IF EXISTS")
		index := w.take()
		if w.skip("ATTACH PARTITION") {
			return []Lock{{index, ShareUpdateExclusive}, {w.take(), AccessExclusive}}
		}
		return []Lock{{index, ShareUpdateExclusive}}
	case w.skip("DROP TABLE"), w.skip("DROP INDEX"), w.skip("DROP VIEW"):
		return w.list(AccessExclusive)
	case w.skip("DROP TRIGGER"):
		return w.on(AccessExclusive)
	case w.skip("TRUNCATE"):
		w.skip("TABLE")
		return w.list(AccessExclusive)
	case w.skip("INSERT INTO"), w.skip("DELETE FROM"), w.skip("UPDATE"):
		w.skip("ONLY")
		return []Lock{{w.take(), RowExclusive}}
	case w.skip("ANALYZE"), w.skip("VACUUM"), w.skip("COMMENT ON TABLE"):
		return []Lock{{w.take(), ShareUpdateExclusive}}
	case w.skip("LOCK"):
		w.skip("TABLE")
		return w.list(AccessExclusive)
	default:
		return nil
	}
}

func (w *words) created(concurrent bool) []Lock {
	w.skip("UNIQUE")
	switch {
	case w.skip("INDEX"):
		if concurrent {
			return w.on(ShareUpdateExclusive)
		}
		return w.on(Share)
	case w.skip("TRIGGER"), w.skip("OR REPLACE TRIGGER"), w.skip("CONSTRAINT TRIGGER"):
		return w.on(ShareRowExclusive)
	case w.skip("TABLE"):
		for len(w.rest) > 0 {
			switch {
			case w.skip("PARTITION OF"):
				return []Lock{{w.take(), AccessExclusive}}
			case w.skip("REFERENCES"):
				return []Lock{{w.take(), ShareRowExclusive}}
			}
			w.take()
		}
	}
	return nil
}

// weaker are the actions of ALTER TABLE that do not take the strongest lock.
var weaker = []struct {
	action *regexp.Regexp
	mode   Mode
}{
	{regexp.MustCompile(`^VALIDATE CONSTRAINT `), ShareUpdateExclusive},
	{regexp.MustCompile(`^ATTACH PARTITION `), ShareUpdateExclusive},
	{regexp.MustCompile(`^DETACH PARTITION \S+ (CONCURRENTLY|FINALIZE)`), ShareUpdateExclusive},
	{regexp.MustCompile(`^(SET|RESET) \(`), ShareUpdateExclusive},
	{regexp.MustCompile(`^ALTER (COLUMN )?\S+ (SET STATISTICS|SET \(|RESET \()`), ShareUpdateExclusive},
	{regexp.MustCompile(`^(ENABLE|DISABLE) TRIGGER `), ShareRowExclusive},
	{regexp.MustCompile(`^ADD (CONSTRAINT \S+ )?FOREIGN KEY `), ShareRowExclusive},
}

func (w *words) altered() []Lock {
	w.skip("IF EXISTS")
	w.skip("ONLY")
	table, strongest := w.take(), AccessShare
	var others []Lock
	for _, action := range w.actions() {
		mode := AccessExclusive
		text := strings.ToUpper(strings.Join(action, " "))
		for _, one := range weaker {
			if one.action.MatchString(text) {
				mode = one.mode
			}
		}
		if slices.Index(modes, mode) > slices.Index(modes, strongest) {
			strongest = mode
		}
		for i, word := range action[:len(action)-1] {
			switch {
			case strings.EqualFold(word, "REFERENCES"):
				others = append(others, Lock{action[i+1], ShareRowExclusive})
			case strings.EqualFold(word, "PARTITION"):
				others = append(others, Lock{action[i+1], AccessExclusive})
			}
		}
	}
	return append([]Lock{{table, strongest}}, others...)
}

// words are the words and signs of a statement, without comments, from which one after another is taken.
type words struct{ rest []string }

func wordsOf(sql string) *words {
	w := new(words)
	joined := false // to the word before it, as in public.contacts
	for _, one := range tokensOf(sql) {
		switch {
		case one.kind == space, one.kind == comment:
			joined = false
		case len(w.rest) > 0 && (joined || one.text == ".") && one.kind != quoted:
			w.rest[len(w.rest)-1] += one.text
			joined = one.text == "."
		default:
			w.rest = append(w.rest, one.text)
			joined = false
		}
	}
	return w
}

// skip takes keywords if they are next.
func (w *words) skip(keywords string) bool {
	wanted := strings.Fields(keywords)
	if len(w.rest) < len(wanted) || !slices.EqualFunc(w.rest[:len(wanted)], wanted, strings.EqualFold) {
		return false
	}
	w.rest = w.rest[len(wanted):]
	return true
}

// take takes the next word, "" if none is left.
func (w *words) take() string {
	if len(w.rest) == 0 {
		return ""
	}
	next := w.rest[0]
	w.rest = w.rest[1:]
	return next
}

// on is a lock on the table behind the next ON.
func (w *words) on(mode Mode) []Lock {
	for len(w.rest) > 0 && !w.skip("ON") {
		w.take()
	}
	w.skip("ONLY")
	return []Lock{{w.take(), mode}}
}

// list is a lock on each of the names that are next.
func (w *words) list(mode Mode) []Lock {
	if w.skip("CONCURRENTLY") {
		mode = ShareUpdateExclusive
	}
	w.skip("IF EXISTS")
	var locks []Lock
	for {
		w.skip("ONLY")
		locks = append(locks, Lock{w.take(), mode})
		if !w.skip(",") {
			return locks
		}
	}
}

// actions are those of ALTER TABLE: what stands between commas outside of parentheses.
func (w *words) actions() [][]string {
	var actions [][]string
	var action []string
	depth := 0
	for _, word := range w.rest {
		switch {
		case word == "(":
			depth++
		case word == ")":
			depth--
		case word == "," && depth == 0:
			actions, action = append(actions, action), nil
			continue
		}
		action = append(action, word)
	}
	if len(action) > 0 {
		actions = append(actions, action)
	}
	return actions
}
