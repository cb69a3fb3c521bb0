// Command kontakty serves the Contacts report of a contact centre as a GraphQL API and as XLSX files.
//
// The command line is declared in command.go, settings are checked in settings.go, Main (serving.go) is the serving
// process, and each other command has a file of its own name.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // the report's time zone must not depend on what the machine has installed
)

// Exit statuses. Scripts rely on them; the help of the commands documents them.
const (
	statusOK      = 0
	statusFailed  = 1 // something went wrong while running
	statusWrong   = 2 // the command line or the configuration is wrong: nothing was done
	statusSkipped = 3 // import: everything landed except the faulty lines that were reported

	statusFindings = 3 // fsck: it looked at everything, and listed what is wrong
)

// terminal is where a command reads and writes.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

// statusError ends the program with a status of its own.
type statusError struct {
	status int
	err    error
}

func (e *statusError) Error() string { return e.err.Error() }
func (e *statusError) Unwrap() error { return e.err }

func main() {
	ctx, stop := untilSignalled(context.Background())
	status := run(ctx, os.Args[1:], terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(status)
}

// run runs the command that args ask for and returns the exit status. It ends early, and in order, when ctx does.
func run(ctx context.Context, args []string, term terminal) int {
	command, faults, done := parse(args, term)
	if done {
		return statusOK
	}
	if len(faults) > 0 {
		faults.print(term.err)
		return statusWrong
	}
	err := command(ctx)
	if err == nil {
		return statusOK
	}
	status := &statusError{status: statusFailed, err: err}
	errors.As(err, &status)
	fmt.Fprintf(term.err, "kontakty: %s\n", err)
	return status.status
}

// untilSignalled ends the context at the first SIGINT or SIGTERM, so that everything stops in order. A second signal
// ends the process at once: the private PostgreSQL then recovers at the next start, as after a kill -9.
func untilSignalled(parent context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			cancel()
		case <-ctx.Done():
			return
		}
		second := <-signals
		fmt.Fprintf(os.Stderr, "kontakty: %s again: ending at once\n", second)
		os.Exit(128 + int(second.(syscall.Signal)))
	}()
	return ctx, cancel
}
