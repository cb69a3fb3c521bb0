package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
	_ "time/tzdata" // the report's days are those of Warsaw on any machine
)

// settings are what the command line asks for.
type settings struct {
	scale  scale
	dir    string
	binary string
	write  string
	aims   []int
}

// scale is how much is measured.
type scale struct {
	name string
	// contacts are the sizes of the smaller and of the larger database.
	contacts [2]int
	// rounds and span are how often two things alternate, and how long each of them runs.
	rounds int
	span   time.Duration
	// pages is how often the page of each case is asked for.
	pages int
	// imported is how many contacts are imported.
	imported int
}

var scales = map[string]scale{
	"small": {name: "small", contacts: [2]int{100_000, 1_000_000}, rounds: 3, span: 1500 * time.Millisecond, pages: 15, imported: 30_000},
	"full":  {name: "full", contacts: [2]int{1_000_000, 10_000_000}, rounds: 7, span: 4 * time.Second, pages: 41, imported: 200_000},
}

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
	"floor":    serveFloor,
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

func parse(args []string) (settings, error) {
	flags := flag.NewFlagSet("benchmark", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "go run ./cmd/benchmark [flags]")
		flags.PrintDefaults()
	}
	name := flags.String("scale", "full", "`small`: in minutes, up to 1 million contacts; or full: up to 10 million")
	s := settings{}
	flags.StringVar(&s.dir, "data", os.Getenv("KONTAKTY_BENCHMARK_DATA"), "`directory` of the databases, kept between runs (default: in the user's cache; also $KONTAKTY_BENCHMARK_DATA)")
	flags.StringVar(&s.binary, "kontakty", "", "`file` of the program to measure (default: built from ./cmd/kontakty)")
	flags.StringVar(&s.write, "write", "", "write the results into this `file`, between its marks")
	aims := flags.String("aims", "1,2,3,4,5,6", "`numbers` of the aims to measure")
	if err := flags.Parse(args); err != nil {
		return settings{}, err
	}
	known := false
	if s.scale, known = scales[*name]; !known || flags.NArg() > 0 {
		return settings{}, errors.New("-scale is small or full, and nothing follows the flags")
	}
	for _, number := range strings.Split(*aims, ",") {
		aim, err := strconv.Atoi(number)
		if err != nil || aim < 1 || aim > len(measurements) {
			return settings{}, fmt.Errorf("-aims: %q is not a number from 1 to %d", number, len(measurements))
		}
		s.aims = append(s.aims, aim)
	}
	if s.dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return settings{}, fmt.Errorf("-data: %w", err)
		}
		s.dir = filepath.Join(cache, "kontakty", "benchmark")
	}
	return s, os.MkdirAll(s.dir, 0o755)
}

// measurements measure the aims in the order of their numbers.
var measurements = []struct {
	title   string
	measure func(context.Context, *bench) error
}{
	{"Pages at 16 clients", measurePages},
	{"Growth from the smaller to the larger database", measureGrowth},
	{"totalCount", measureCounts},
	{"Import and seed", measureImport},
	{"Files", measureFiles},
	{"Start and memory", measureProcess},
}

// bench is one run.
type bench struct {
	settings

	scratch string
	report  *report
	sites   [2]*site
}

func run(ctx context.Context, args []string, out io.Writer) (err error) {
	settings, err := parse(args)
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
	b := &bench{settings: settings, scratch: scratch, report: newReport(out, settings.scale)}
	if b.binary == "" {
		if b.binary, err = build(ctx, scratch); err != nil {
			return err
		}
	}
	defer func() { err = errors.Join(err, b.leave()) }()
	for i, contacts := range b.scale.contacts {
		if b.sites[i], err = openSite(ctx, b, contacts); err != nil {
			return err
		}
	}
	for i, one := range measurements {
		if !slices.Contains(b.aims, i+1) {
			continue
		}
		b.report.section(i+1, one.title)
		if err := one.measure(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", one.title, err)
		}
	}
	b.report.summary()
	if b.write != "" {
		return b.report.writeInto(b.write)
	}
	return nil
}

func (b *bench) small() *site { return b.sites[0] }
func (b *bench) large() *site { return b.sites[1] }

// leave gives the databases up.
func (b *bench) leave() error {
	var errs []error
	for _, site := range b.sites {
		if site != nil {
			errs = append(errs, site.close())
		}
	}
	return errors.Join(errs...)
}
