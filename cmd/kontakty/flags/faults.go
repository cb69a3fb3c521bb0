package flags

import (
	"fmt"
	"io"
)

// Faults is everything that is wrong with the command line, the environment and the configuration file: told at once,
// so that it can be mended at once.
type Faults []fault

type fault struct {
	setting string // a flag, a key, a file; empty for the command line as a whole
	wrong   string // what is wrong
	remedy  string // what to do
}

// Add notes a fault of a setting, which is a flag, a key, a file, or empty for the command line as a whole; the remedy says
// what to do.
func (f *Faults) Add(setting, wrong, remedy string) {
	*f = append(*f, fault{setting, wrong, remedy})
}

// Print writes the faults, one a line.
func (f Faults) Print(w io.Writer) {
	noun := "these settings are"
	if len(f) == 1 {
		noun = "this setting is"
	}
	fmt.Fprintf(w, "kontakty: nothing was started, %s wrong:\n", noun)
	for _, fault := range f {
		fmt.Fprint(w, "  ")
		if fault.setting != "" {
			fmt.Fprintf(w, "%s: ", fault.setting)
		}
		fmt.Fprintf(w, "%s; %s\n", fault.wrong, fault.remedy)
	}
}
