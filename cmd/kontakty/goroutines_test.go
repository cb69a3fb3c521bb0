package main

import (
	"go/ast"
	"testing"
)

// goroutines are the files whose go statements stand alone, with their number and why. All other goroutines are those of an
// errgroup or of package ahead, which wait for them.
var goroutines = map[string]struct {
	count int
	why   string
}{
	"cmd/benchmark/site.go":                    {2, "they read what a process prints, and end with it"},
	"cmd/benchmark/writers.go":                 {1, "it waits for a process, and hands its end over"},
	"cmd/kontakty/signals.go":                  {2, "one waits for signals until the process stops, the other stops databases while the next signal is waited for"},
	"graph/downloads.go":                       {1, "a subscription is a channel, which ends with its context"},
	"internal/ingest/source.go":                {2, "a read of standard input cannot be ended: it is left behind and ends with its input"},
	"internal/media/object.go":                 {2, "a read of a bucket that does not answer is left behind, and ends with it"},
	"internal/media/places.go":                 {1, "a question to a bucket that does not answer is left behind, and ends with it"},
	"internal/pgtest/guardian.go":              {1, "it waits for the end of standard input, which ends the process"},
	"internal/pgtest/pair.go":                  {1, "it reads on what a process prints, and ends with it"},
	"internal/pgtest/pair_guardian.go":         {2, "one waits for the end of standard input, which ends the process, the other for a server, which that process outlives"},
	"internal/postgres/pool.go":                {1, "closing a pool cannot be ended: where a connection never comes back it is left behind"},
	"internal/postgres/embedded/postmaster.go": {1, "it waits for the server, and hands its end over"},
	"internal/report/list.go":                  {1, "a count that was begun before anybody asks for it ends with the request's context"},
	"internal/server/database.go":              {1, "it keeps a database up while a command works, which waits for it"},
	"internal/server/server.go":                {2, "serving lasts until the server is closed, which hands files over while it drains: both ends are waited for"},
	"internal/xlsx/sheet.go":                   {1, "one piece is written while the next is made, which waits for it"},
}

func TestGoroutines_AreThoseOfGroupsOrHaveAReason(t *testing.T) {
	t.Parallel()
	found := map[string]int{}
	eachSource(t, func(name string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if _, is := n.(*ast.GoStmt); is {
				found[name]++
			}
			return true
		})
	})
	for name, count := range found {
		if one := goroutines[name]; one.count != count || one.why == "" {
			t.Errorf("%s starts %d goroutines by itself, of which the table knows %d: use an errgroup or package ahead, or say why not", name, count, one.count)
		}
	}
	for name := range goroutines {
		if found[name] == 0 {
			t.Errorf("the table names %s, which starts no goroutine by itself", name)
		}
	}
}
