package main

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// faults breaks the database while it works on canaries.
func (c *cage) faults() {
	c.t.Helper()
	c.locked(func() {
		for name, answer := range map[string]string{
			"a page":    c.ask(listQuery, inMarch(map[string]any{"sourceAddresses": []string{phone(130), mail(1)}})),
			"recording": c.ask(recordMutation, map[string]any{"contacts": []any{caged(131), caged(1)}}),
			"a preview": c.ask(`query($filter: ContactFilter!) { exportPreview(filter: $filter, kind: SIMPLE) { contacts } }`, inMarch(map[string]any{"sourceAddresses": []string{phone(132)}})),
		} {
			if !strings.Contains(answer, `"TIMEOUT"`) {
				c.t.Errorf("%s from a locked table: %.300s", name, answer)
			}
		}
	})
	end := func(pid int) {
		if _, err := c.connect().Exec(c.t.Context(), "SELECT pg_terminate_backend($1)", pid); err != nil {
			c.t.Error(err)
		}
	}
	kill := func(pid int) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			c.t.Error(err)
		}
	}
	stop := func(int) { restartPostgreSQL(c.t, filepath.Join(c.data, "postgres")) } // it writes its log elsewhere then
	for _, breaking := range []func(pid int){end, kill, stop} {
		c.locked(func() {
			answered, chosen := make(chan string, 1), make(chan struct{})
			go func() {
				for { // a connection that was broken before may be what it gets first
					answer := c.ask(listQuery, inMarch(map[string]any{"destinationAddresses": []string{phone(140), mail(2)}}))
					select {
					case <-chosen:
						answered <- answer
						return
					default:
					}
				}
			}()
			c.working("kontakty api")
			// Our statements have values apart. That of somebody else's tool may spell them.
			ended := make(chan error, 1)
			go func() {
				_, err := c.connect().Exec(c.t.Context(), "SELECT FROM contacts WHERE source_address = '"+phone(141)+"'")
				ended <- err
			}()
			pid := c.working("somebody else")
			close(chosen)
			breaking(pid)
			if <-ended == nil {
				c.t.Error("a statement survives its process")
			}
			<-answered
		})
		c.recovered()
	}
}

// connect connects to the database as somebody else's tool does, as soon as that answers.
func (c *cage) connect() *pgx.Conn {
	c.t.Helper()
	config, err := pgx.ParseConfig(c.url)
	if err != nil {
		c.t.Fatal(err)
	}
	config.RuntimeParams["application_name"] = "somebody else"
	late := time.After(patience)
	for again := time.Tick(20 * time.Millisecond); ; {
		connection, err := pgx.ConnectConfig(c.t.Context(), config)
		if err == nil {
			c.t.Cleanup(func() { _ = connection.Close(context.Background()) })
			return connection
		}
		select {
		case <-again:
		case <-late:
			c.t.Fatal(err)
		}
	}
}

// locked does something while nobody gets at the contacts.
func (c *cage) locked(work func()) {
	c.t.Helper()
	connection := c.connect()
	if _, err := connection.Exec(c.t.Context(), "BEGIN; LOCK TABLE contacts, contact_identities"); err != nil {
		c.t.Fatal(err)
	}
	work()
	_ = connection.Close(context.Background())
}

// working waits for a statement of an application that waits for the lock, and gives the process that works on it.
func (c *cage) working(application string) (pid int) {
	c.t.Helper()
	connection := c.connect()
	for late := time.Now().Add(patience); time.Now().Before(late); {
		err := connection.QueryRow(c.t.Context(), `SELECT pid FROM pg_stat_activity
			WHERE application_name = $1 AND state = 'active' AND wait_event_type = 'Lock' LIMIT 1`, application).Scan(&pid)
		if err == nil {
			return pid
		}
	}
	c.t.Fatalf("no statement of %s waits for the lock", application)
	return 0
}

// recovered waits until the server answers again.
func (c *cage) recovered() {
	c.t.Helper()
	late := time.After(patience)
	for again := time.Tick(50 * time.Millisecond); ; {
		if status, _ := c.server.get("/readyz"); status == http.StatusOK {
			return
		}
		select {
		case <-again:
		case <-late:
			c.t.Fatal("the server does not recover")
		}
	}
}
