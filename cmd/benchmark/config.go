package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// config is what the command line asks for.
type config struct {
	scale  scale
	dir    string
	binary string
	// before is an earlier program, empty for none.
	before string
	write  string
	aims   []int
}

// maxAim is the last number of an aim.
const maxAim = 8

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
	"small": {name: "small", contacts: [2]int{100_000, 1_000_000}, rounds: 3, span: 1500 * time.Millisecond, pages: 15, imported: 100_000},
	"full":  {name: "full", contacts: [2]int{1_000_000, 10_000_000}, rounds: 7, span: 4 * time.Second, pages: 41, imported: 200_000},
}

// parse reads the command line.
func parse(args []string) (config, error) {
	flags := flag.NewFlagSet("benchmark", flag.ContinueOnError)
	flags.Usage = func() {
		fmt.Fprintln(flags.Output(), "go run ./cmd/benchmark [flags]")
		flags.PrintDefaults()
	}
	name := flags.String("scale", "full", "`small`: in minutes, up to 1 million contacts; or full: up to 10 million")
	s := config{}
	flags.StringVar(&s.dir, "data", os.Getenv("KONTAKTY_BENCHMARK_DATA"), "`directory` of the databases, kept between runs (default: in the user's cache; also $KONTAKTY_BENCHMARK_DATA)")
	flags.StringVar(&s.binary, "kontakty", "", "`file` of the program to measure (default: built from ./cmd/kontakty)")
	flags.StringVar(&s.before, "before", "", "`file` of an earlier program that aims 7 and 8 compare with")
	flags.StringVar(&s.write, "write", "", "write the results into this `file`, between its marks")
	aims := flags.String("aims", "1,2,3,4,5,6,7,8", "`numbers` of the aims to measure")
	if err := flags.Parse(args); err != nil {
		return config{}, err
	}
	ok := false
	if s.scale, ok = scales[*name]; !ok || flags.NArg() > 0 {
		return config{}, errors.New("-scale is small or full, and nothing follows the flags")
	}
	for _, number := range strings.Split(*aims, ",") {
		aim, err := strconv.Atoi(number)
		if err != nil || aim < 1 || aim > maxAim {
			return config{}, fmt.Errorf("-aims: %q is not a number from 1 to %d", number, maxAim)
		}
		s.aims = append(s.aims, aim)
	}
	if s.dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return config{}, fmt.Errorf("-data: %w", err)
		}
		s.dir = filepath.Join(cache, "kontakty", "benchmark")
	}
	return s, os.MkdirAll(s.dir, 0o755)
}
