package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/telephony/system"
)

// commands is the command line. Values are kept as the text that was given, and checked together afterwards: one run
// tells every fault.
type commands struct {
	Config flags.ConfigFile `env:"KONTAKTY_CONFIG" placeholder:"FILE" help:"Read settings from a JSON file: the names of the flags are its keys, such as {\"listen\": \"127.0.0.1:8080\"}. Flags win over the environment, the environment over the file."`

	Demo    demoCommand     `cmd:"" help:"Serve invented contacts from a private PostgreSQL: everything in one command."`
	Serve   serveCommand    `cmd:"" help:"Serve the API over your own data."`
	Worker  workerCommand   `cmd:"" help:"Make the files that are ordered, in a process of its own."`
	Migrate migrateCommand  `cmd:"" help:"Bring the database's tables up to date, take them down, or say where they stand."`
	Import  importCommand   `cmd:"" help:"Import contacts from newline-delimited JSON."`
	Follow  followCommand   `cmd:"" help:"Follow telephone systems: take each call in while it runs."`
	Sources sourcesCommands `cmd:"" help:"Check, list and rebuild what telephone systems' records make."`
	Seed    seedCommand     `cmd:"" help:"Fill the database with invented contacts, millions if you like."`
	Derive  deriveCommand   `cmd:"" help:"Work out anew what follows from each contact: its outcome and how long its client waited."`
	Keys    keysCommands    `cmd:"" help:"Make, list and revoke API keys."`
	Fsck    fsckCommand     `cmd:"" help:"Check every file made against the database."`
	Version versionCommand  `cmd:"" help:"Say which version this is."`
}

// runner is what every command is: check completes the list of faults before anything is done.
type runner interface {
	check(*flags.Faults)
	run(context.Context, terminal) error
}

const description = `The Contacts report of a contact centre: GraphQL API and XLSX files.

New here? "kontakty demo" serves 30,000 invented contacts and prints where to look.
Each command has help of its own with examples: "kontakty import --help".`

// errHelpPrinted ends the parsing of a command line that only asked for help.
var errHelpPrinted = errors.New("help was printed")

// parse makes of the command line either a command that is ready to run, or a list of faults; done means that the
// command line only asked for help.
func parse(args []string, term terminal) (command func(context.Context) error, wrong flags.Faults, done bool) {
	selected, err := parseLine(args, term, &wrong)
	if errors.Is(err, errHelpPrinted) {
		return nil, nil, true
	}
	if err != nil {
		wrong.Add("", err.Error(), `see "kontakty --help"`)
		return nil, wrong, false
	}
	selected.check(&wrong)
	return func(ctx context.Context) error { return selected.run(ctx, term) }, wrong, false
}

// parseLine finds the command with its values, unchecked. Errors: errHelpPrinted, or what kong cannot make sense of.
func parseLine(args []string, term terminal, wrong *flags.Faults) (selected runner, err error) {
	defer func() { // kong ends the program after printing help; here it only ends the parsing
		if reason := recover(); reason == any(errHelpPrinted) {
			selected, err = nil, errHelpPrinted
		} else if reason != nil {
			panic(reason)
		}
	}()
	var line commands
	parser, err := kong.New(&line,
		kong.Name("kontakty"),
		kong.Description(description),
		kong.Writers(term.out, term.err),
		kong.Exit(func(int) { panic(errHelpPrinted) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Vars{"limits": flags.LimitsInWords(), "formats": strings.Join(system.Formats, ", ")},
		kong.Bind(wrong),
	)
	if err != nil {
		panic(fmt.Sprintf("the command line is declared wrongly: %v", err))
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return nil, err
	}
	selected, ok := parsed.Selected().Target.Addr().Interface().(runner)
	if !ok {
		panic(fmt.Sprintf("the command %s does not run", parsed.Command()))
	}
	return selected, nil
}
