package embedded

import (
	"bytes"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/kontakty/kontakty/internal/disk"
)

const (
	// mainFile is PostgreSQL's own configuration file, which belongs to the operator.
	mainFile = "postgresql.conf"
	// settingsFile is the file that holds Kontakty's settings.
	settingsFile = "kontakty.conf"
)

// The header of mainFile lets every line below it win over settingsFile, so initdb's own values must not stand there in
// force. They did below formerHeader, and hid some of Kontakty's settings.
const (
	header       = "# Kontakty writes " + settingsFile + " anew at every start. Lines below win over it; initdb's own are commented out.\n" + include
	formerHeader = "# Kontakty writes " + settingsFile + " anew at every start; what stands below it here wins.\n" + include
	include      = "include_if_exists = '" + settingsFile + "'\n\n"
)

// commentedOut precedes a line of initdb that is no longer in force.
const commentedOut = "# initdb: "

// initialValues are what initdb writes into mainFile as lines in force. Where the machine made it write another value,
// such as fewer buffers, that line stays.
var initialValues = map[string]string{
	"max_connections":            "100",
	"shared_buffers":             "128MB",
	"max_wal_size":               "1GB",
	"min_wal_size":               "80MB",
	"log_timezone":               "UTC",
	"timezone":                   "UTC",
	"datestyle":                  "iso, mdy",
	"lc_messages":                "C",
	"lc_monetary":                "C",
	"lc_numeric":                 "C",
	"lc_time":                    "C",
	"default_text_search_config": "pg_catalog.english",
}

// configure writes the settings for the memory, the processors and the disk that the machine has today, and mends mainFile.
func (p place) configure(a account, disposable bool) error {
	if err := p.mendMainFile(a); err != nil {
		return err
	}
	room, err := disk.Of(p.cluster())
	if err != nil {
		return err
	}
	return a.writeFile(filepath.Join(p.cluster(), settingsFile), settings(memory(), room.Size, runtime.NumCPU(), disposable))
}

// mendMainFile gives the file below formerHeader the header of today; it leaves any other alone.
func (p place) mendMainFile(a account) error {
	path := filepath.Join(p.cluster(), mainFile)
	content, err := a.readFile(path)
	if err != nil {
		return err
	}
	if below, isFormer := bytes.CutPrefix(content, []byte(formerHeader)); isFormer {
		return a.writeFile(path, withHeader(below))
	}
	return nil
}

// withHeader is the content of mainFile with the header, in which initdb's own values are commented out.
func withHeader(content []byte) []byte {
	lines := strings.SplitAfter(string(content), "\n")
	seen := map[string]bool{}
	for i, line := range lines {
		name, value, isSetting := strings.Cut(line, " = ")
		initial, isInitial := initialValues[name]
		if !isSetting || !isInitial || seen[name] {
			continue
		}
		seen[name] = true // a second line of the name is an operator's, even where its value is initdb's
		value, _, _ = strings.Cut(value, "#")
		if strings.Trim(value, "' \t\n") == initial {
			lines[i] = commentedOut + line
		}
	}
	return []byte(header + strings.Join(lines, ""))
}
