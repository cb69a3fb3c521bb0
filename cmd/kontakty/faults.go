package main

import (
	"fmt"
	"io"
)

// faults is everything that is wrong with the command line, the environment and the configuration file: told at once,
// so that they can be mended at once.
type faults []settingFault

type settingFault struct {
	setting string // a flag, a key, a file; empty for the command line as a whole
	wrong   string // what is wrong
	remedy  string // what to do
}

// add notes a fault.
func (f *faults) add(setting, wrong, remedy string) {
	*f = append(*f, settingFault{setting, wrong, remedy})
}

// print writes the faults, one a line.
func (f faults) print(w io.Writer) {
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
