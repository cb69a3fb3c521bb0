package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // the report's days are those of Warsaw on any machine

	"github.com/kontakty/kontakty/cmd/benchmark/floor"
)

func main() {
	// The floor and the rival are this program too, in processes of their own.
	if len(os.Args) > 1 {
		if child, is := children[os.Args[1]]; is {
			exit(child(os.Args[2:]))
		}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx, os.Args[1:], os.Stdout))
}

// children are what this program does when it is started by itself.
var children = map[string]func([]string) error{
	"floor":    floor.Serve,
	"excelize": writeByExcelize,
	"explain":  explainTo,
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "benchmark:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// measurements measure the aims in the order of their numbers.
var measurements = [maxAim]struct {
	title   string
	measure func(context.Context, *bench) error
}{
	{"Pages at 16 clients", measurePages},
	{"Growth from the smaller to the larger database", measureGrowth},
	{"totalCount", measureCounts},
	{"Import and seed", measureImport},
	{"Files", measureFiles},
	{"Start and memory", measureProcess},
	{"Writers beside one another", measureWriters},
	{"The directory of many agents", measureDirectory},
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	config, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "kontakty-benchmark-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	b := &bench{config: config, scratch: scratch, results: newResults(out, config.scale)}
	if b.binary == "" {
		if b.binary, err = build(ctx, scratch); err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, b.leave()) }()
	for i, contacts := range b.scale.contacts {
		if i > 0 && !slices.ContainsFunc(b.aims, func(aim int) bool { return aim < 7 }) {
			continue // they need the server of the smaller one alone
		}
		if b.sites[i], err = openSite(ctx, b, contacts); err != nil {
			return err
		}
	}
	for i, one := range measurements {
		if !slices.Contains(b.aims, i+1) {
			continue
		}
		b.results.section(i+1, one.title)
		if err := one.measure(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", one.title, err)
		}
	}
	b.results.summary()
	if b.write != "" {
		return b.results.writeInto(b.write)
	}
	return nil
}
