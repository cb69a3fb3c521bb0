// Command kontakty serves the Contacts report of a contact centre as a GraphQL API and as XLSX files.
//
// The command line is declared in command.go, and each command has a file of its name. Package flags reads flags, environment
// and configuration file; internal/server is the process that serves.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	_ "time/tzdata" // the report's time zone must not depend on what the machine has installed
)

func main() {
	ctx, stop := untilSignalled(context.Background())
	status := run(ctx, os.Args[1:], terminal{in: os.Stdin, out: os.Stdout, err: os.Stderr})
	stop()
	os.Exit(status)
}

// run runs the command that args ask for and returns the exit status. It ends early, and in order, when ctx does.
func run(ctx context.Context, args []string, term terminal) int {
	command, wrong, done := parse(args, term)
	if done {
		return statusOK
	}
	if len(wrong) > 0 {
		wrong.Print(term.err)
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
