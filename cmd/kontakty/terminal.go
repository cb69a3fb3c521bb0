package main

import "io"

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
