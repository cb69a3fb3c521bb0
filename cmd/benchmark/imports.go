package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/ingest"
	"github.com/kontakty/kontakty/internal/sample"
)

// rows are the tables that an import fills, with the columns that are not worked out by PostgreSQL itself.
var rows = []struct{ table, columns string }{
	{"records", ingest.RecordColumns},
	{"record_months", "record_id, month"},
	{"contact_identities", ingest.IdentityColumns},
	{"contacts", ingest.ContactColumns},
	{"contact_addresses", ingest.AddressColumns},
	{"ivr_steps", ingest.StepColumns},
	{"contact_details", ingest.DetailsColumns},
}

// importsSeed tells the contacts imported from those that were seeded.
const importsSeed = 77

// The databases of this measurement, beside that of the smaller site.
const (
	emptyDatabase    = "benchmark_empty"
	importedDatabase = "benchmark_imported"
	copiedDatabase   = "benchmark_copied"
)

// measureImport imports a file and then copies the rows that came of it into tables with the same indexes, in turn.
func measureImport(ctx context.Context, b *bench) (err error) {
	m := &importing{bench: b, site: b.small()}
	defer func() { err = errors.Join(err, m.drop(context.WithoutCancel(ctx))) }()
	if err := m.prepare(ctx); err != nil {
		return err
	}
	var ratios, tall []float64
	for n := range b.scale.rounds {
		imported, memory, err := m.importFile(ctx, m.file)
		if err != nil {
			return err
		}
		if n == 0 {
			if err := m.keepRows(ctx); err != nil {
				return err
			}
		}
		copied, err := m.copyRows(ctx)
		if err != nil {
			return err
		}
		b.results.line("  import %.1f s (%.0f contacts/s), COPY of the same rows %.1f s", imported.Seconds(), float64(b.scale.imported)/imported.Seconds(), copied.Seconds())
		ratios, tall = append(ratios, copied.Seconds()/imported.Seconds()), append(tall, memory)
	}
	b.results.atLeast("4a", median(ratios), 0.7, "import, %s of the speed of COPY")
	_, short, err := m.importFile(ctx, m.quarter)
	if err != nil {
		return err
	}
	b.results.line("  memory at most: %.0f MiB for a quarter of the file, %.0f MiB for all of it", short, median(tall))
	b.results.atMost("4b", median(tall), 256, "resident at most during an import, %s MiB")
	seeded := b.large().seeded
	b.results.line("  seeded on %s in %.0f s: %d contacts, %d IVR steps (%s)", seeded.At.Format(time.DateOnly), seeded.Seconds, seeded.Contacts, seeded.Steps, seeded.Machine)
	b.results.atMost("4c", seeded.Seconds*10_000_000/float64(seeded.Contacts), 300, "seed of 10 million contacts, %s s")
	return nil
}

type importing struct {
	*bench

	site *site
	// file is what is imported; quarter is the beginning of a like one.
	file, quarter string
}

// prepare writes the files, and makes an empty database whose partitions are there, of which the others are copies.
func (m *importing) prepare(ctx context.Context) error {
	until, err := time.Parse(time.RFC3339, seededUntil)
	if err != nil {
		return err
	}
	for _, one := range []struct {
		name     *string
		contacts int
	}{{&m.file, m.scale.imported}, {&m.quarter, m.scale.imported / 4}} {
		*one.name = filepath.Join(m.scratch, fmt.Sprintf("contacts-%d.ndjson", one.contacts))
		file, err := os.Create(*one.name)
		if err != nil {
			return err
		}
		_, err = sample.New(sample.Config{Contacts: one.contacts, Months: 3, Seed: importsSeed, Until: until}).WriteTo(file)
		if err := errors.Join(err, file.Close()); err != nil {
			return err
		}
	}
	if err := m.drop(ctx); err != nil {
		return err
	}
	if err := m.renew(ctx, emptyDatabase, "template1"); err != nil {
		return err
	}
	if _, err := m.site.kontakty(ctx, "migrate", "up", "--database-url", m.site.urlOf(emptyDatabase)); err != nil {
		return err
	}
	return m.connect(ctx, emptyDatabase, func(connection *pgx.Conn) error {
		_, err := connection.Exec(ctx, "SELECT ensure_contact_partitions($1, $2)", until.AddDate(0, -4, 0), until.AddDate(0, 1, 0))
		return err
	})
}

func (m *importing) drop(ctx context.Context) error {
	for _, name := range []string{importedDatabase, copiedDatabase, emptyDatabase} {
		if _, err := m.site.pool.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

// renew makes a database anew, a copy of another one.
func (m *importing) renew(ctx context.Context, name, template string) error {
	if _, err := m.site.pool.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
		return err
	}
	_, err := m.site.pool.Exec(ctx, "CREATE DATABASE "+name+" TEMPLATE "+template)
	return err
}

// connect calls work with a connection to a database.
func (m *importing) connect(ctx context.Context, database string, work func(*pgx.Conn) error) error {
	connection, err := pgx.Connect(ctx, m.site.urlOf(database))
	if err != nil {
		return err
	}
	return errors.Join(work(connection), connection.Close(ctx))
}

// importFile runs "kontakty import", and tells how long it took and how much memory at most.
func (m *importing) importFile(ctx context.Context, file string) (time.Duration, float64, error) {
	if err := m.renew(ctx, importedDatabase, emptyDatabase); err != nil {
		return 0, 0, err
	}
	command := exec.CommandContext(ctx, m.binary, "import", "--database-url", m.site.urlOf(importedDatabase), file)
	begun := time.Now()
	if output, err := command.CombinedOutput(); err != nil {
		return 0, 0, fmt.Errorf("kontakty import: %w: %s", err, tail(string(output)))
	}
	return time.Since(begun), maxMemory(command.ProcessState), nil
}

// maxMemory is the most memory that a process that has ended ever had, in MiB.
func maxMemory(ended *os.ProcessState) float64 {
	usage, is := ended.SysUsage().(*syscall.Rusage)
	if !is {
		return 0
	}
	return float64(usage.Maxrss) / 1024
}

func (m *importing) rowsOf(table string) string { return filepath.Join(m.scratch, table+".rows") }

// keepRows writes the rows of the import into files, in PostgreSQL's binary format.
func (m *importing) keepRows(ctx context.Context) error {
	return m.connect(ctx, importedDatabase, func(connection *pgx.Conn) error {
		for _, one := range rows {
			file, err := os.Create(m.rowsOf(one.table))
			if err != nil {
				return err
			}
			_, err = connection.PgConn().CopyTo(ctx, file, fmt.Sprintf("COPY (SELECT %s FROM %s) TO STDOUT (FORMAT binary)", one.columns, one.table))
			if err := errors.Join(err, file.Close()); err != nil {
				return fmt.Errorf("%s: %w", one.table, err)
			}
		}
		return nil
	})
}

// copyRows copies them into the tables of an empty database.
func (m *importing) copyRows(ctx context.Context) (took time.Duration, err error) {
	if err := m.renew(ctx, copiedDatabase, emptyDatabase); err != nil {
		return 0, err
	}
	err = m.connect(ctx, copiedDatabase, func(connection *pgx.Conn) error {
		// Contacts that nobody logs are refused otherwise.
		if _, err := connection.Exec(ctx, "ALTER TABLE contacts DISABLE TRIGGER tells_the_feed"); err != nil {
			return err
		}
		begun := time.Now()
		for _, one := range rows {
			file, err := os.Open(m.rowsOf(one.table))
			if err != nil {
				return err
			}
			_, err = connection.PgConn().CopyFrom(ctx, file, fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT binary)", one.table, one.columns))
			if err := errors.Join(err, file.Close()); err != nil {
				return fmt.Errorf("%s: %w", one.table, err)
			}
		}
		took = time.Since(begun)
		return nil
	})
	return took, err
}
