package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// measureProcess starts the server over and over, and watches its memory when it idles and under load.
func measureProcess(ctx context.Context, b *bench) (err error) {
	var starts []float64
	for range 2*b.scale.rounds + 1 {
		begun := time.Now()
		server, err := b.large().serve(ctx, b.scratch)
		if err != nil {
			return err
		}
		ready := fmt.Appendf(nil, "GET /readyz HTTP/1.1\r\nHost: %s\r\n\r\n", server.address)
		_, err = once(ctx, server.address, ready)
		starts = append(starts, milliseconds(time.Since(begun)))
		if err := errors.Join(err, server.stop()); err != nil {
			return err
		}
	}
	b.results.atMost("6a", median(starts), 150, "from the start of serve to its first answer, %s ms")

	server, err := b.large().serve(ctx, b.scratch)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	select {
	case <-time.After(3 * time.Second):
	case <-ctx.Done():
		return ctx.Err()
	}
	idle, _ := server.memory()
	b.results.atMost("6b", idle, 60, "resident when idle, %s MiB")
	pages, err := server.pages("full page", fullPage)
	if err != nil {
		return err
	}
	for range b.scale.rounds {
		if _, err := pages.load(ctx, clients, b.scale.span); err != nil {
			return err
		}
	}
	_, most := server.memory()
	b.results.atMost("6c", most, 150, fmt.Sprintf("resident at most under %d clients of full pages, %%s MiB", clients))
	return nil
}

// manyAgents are 100,000 agents with 20 ties each, and the campaigns, queues, classifiers and forms that they are tied to.
const manyAgents = `
INSERT INTO agents (external_id, name) SELECT 'agent ' || i, 'Żaneta Łęcka-' || i FROM generate_series(1, 100000) i;
INSERT INTO agent_groups (external_id, name) SELECT 'group ' || i, 'Zespół ' || i FROM generate_series(1, 1000) i;
INSERT INTO agent_group_members (agent_group_id, agent_id) SELECT 1 + id % 1000, id FROM agents;
INSERT INTO campaigns (external_id, name) SELECT 'campaign ' || i, 'Kampania ' || i FROM generate_series(1, 5000) i;
INSERT INTO queues (external_id, name) SELECT 'queue ' || i, 'Kolejka ' || i FROM generate_series(1, 5000) i;
INSERT INTO classifiers (external_id, name) SELECT 'classifier ' || i, 'Klasyfikator ' || i FROM generate_series(1, 1000) i;
INSERT INTO site_calls (external_id, name) SELECT 'form ' || i, 'Formularz ' || i FROM generate_series(1, 1000) i;
INSERT INTO contact_ties (owner_kind, owner_id, thing_kind, thing_id)
SELECT 'Agent', a, kind, 1 + (a * 7 + i * 131) % things
FROM generate_series(1, 100000) a, generate_series(1, 5) i, (VALUES ('Campaign', 5000), ('Queue', 5000), ('Classifier', 1000), ('SiteCall', 1000)) k (kind, things)
ON CONFLICT DO NOTHING;
INSERT INTO contact_ties (owner_kind, owner_id, thing_kind, thing_id)
SELECT thing_kind, thing_id, owner_kind, owner_id FROM contact_ties WHERE thing_kind = 'Campaign' ON CONFLICT DO NOTHING;
VACUUM (ANALYZE) contact_ties, agents`

// renames is how many agents are renamed, one after another.
const renames = 50

// measureDirectory starts the server, in turn with an earlier program where one is given, on a database of very many agents,
// watches its memory, and renames agents.
func measureDirectory(ctx context.Context, b *bench) (err error) {
	const database = "benchmark_directory"
	drop := func(ctx context.Context) error {
		_, err := b.small().pool.Exec(ctx, "DROP DATABASE IF EXISTS "+database+" WITH (FORCE)")
		return err
	}
	if err := drop(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, drop(context.WithoutCancel(ctx))) }()
	if _, err := b.small().pool.Exec(ctx, "CREATE DATABASE "+database); err != nil {
		return err
	}
	address := b.small().urlOf(database)
	if _, err := b.small().kontakty(ctx, "migrate", "up", "--database-url", address); err != nil {
		return err
	}
	connection, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	defer func() { _ = connection.Close(context.WithoutCancel(ctx)) }()
	for statement := range strings.SplitSeq(manyAgents, ";\n") {
		if _, err := connection.Exec(ctx, statement); err != nil {
			return err
		}
	}
	programs := []string{b.binary}
	if b.before != "" {
		programs = append(programs, b.before)
	}
	measured := make([][3][]float64, len(programs))
	for range b.scale.rounds {
		for i, program := range programs {
			started, resident, renamed, err := holdMany(ctx, b, connection, program)
			if err != nil {
				return err
			}
			b.results.line("  %-7s start %.0f ms, resident at most %.0f MiB, a rename %.2f ms of processor", [2]string{"ours", "before"}[i], started, resident, renamed)
			for figure, value := range [3]float64{started, resident, renamed} {
				measured[i][figure] = append(measured[i][figure], value)
			}
		}
	}
	for figure, aim := range [3]struct {
		name     string
		goal     float64
		sentence string
	}{
		{"8a", 1500, "from the start of serve with 100,000 agents of 20 ties each until it is ready, %s ms"},
		{"8b", 150, "resident at most with them, %s MiB"},
		{"8c", 5, "processor's time that the rename of one takes, %s ms"},
	} {
		b.results.atMost(aim.name, median(measured[0][figure]), aim.goal, aim.sentence)
		if b.before != "" {
			b.results.line("  %s of before", number(median(measured[0][figure])/median(measured[1][figure])))
		}
	}
	return nil
}

// holdMany is how many milliseconds a program takes to start, how many MiB it then has at most, and how many milliseconds of
// the processor it takes to follow a rename.
func holdMany(ctx context.Context, b *bench, connection *pgx.Conn, program string) (started, resident, renamed float64, err error) {
	address := b.small().urlOf(connection.Config().Database)
	one := &site{dir: filepath.Join(b.scratch, "directory"), binary: program}
	if err := os.MkdirAll(one.dir, 0o700); err != nil {
		return 0, 0, 0, err
	}
	server, err := one.start(ctx, b.scratch, "serve", "--data-dir", one.dir, "--database-url", address, "--listen", "127.0.0.1:0")
	if err != nil {
		return 0, 0, 0, err
	}
	defer func() { err = errors.Join(err, server.stop()) }()
	pause := func(span time.Duration) (used float64, err error) {
		before := server.processor()
		select {
		case <-time.After(span):
		case <-ctx.Done():
			return 0, ctx.Err()
		}
		return server.processor() - before, nil
	}
	if _, err := pause(5 * time.Second); err != nil { // it reads everything again once it listens
		return 0, 0, 0, err
	}
	const apart = 100 * time.Millisecond
	idle, err := pause(renames * apart)
	if err != nil {
		return 0, 0, 0, err
	}
	before := server.processor()
	for i := range renames {
		if _, err := connection.Exec(ctx, "UPDATE agents SET name = name || 'x' WHERE id = $1", 1+i*100000/renames); err != nil {
			return 0, 0, 0, err
		}
		if _, err := pause(apart); err != nil {
			return 0, 0, 0, err
		}
	}
	renamed = (server.processor() - before - idle) / renames
	_, resident = server.memory()
	return milliseconds(server.ready), resident, renamed, nil
}

// processor is how many milliseconds of the processor the process has taken.
func (p *process) processor() float64 {
	// What follows the program's name in brackets begins with the third field; the 14th and the 15th are in hundredths of a second.
	_, after, _ := strings.Cut(systemFile(fmt.Sprintf("/proc/%d/stat", p.command.Process.Pid)), ") ")
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return 10 * (user + system)
}
