package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"
)

// results prints what was measured as it comes, and the aims once more at the end.
type results struct {
	out   io.Writer
	scale scale
	begun time.Time
	// text is what was printed, for the file.
	text bytes.Buffer
	aims []string
}

func newResults(out io.Writer, s scale) *results {
	r := &results{out: out, scale: s, begun: time.Now()}
	r.line("%s, scale %s: %d and %d contacts", r.begun.Format("2006-01-02 15:04"), s.name, s.contacts[0], s.contacts[1])
	r.line("%s", machine())
	return r
}

// line prints a line.
func (r *results) line(format string, args ...any) {
	line := strings.TrimRight(fmt.Sprintf(format, args...), " ")
	fmt.Fprintln(r.out, line)
	fmt.Fprintln(&r.text, line)
}

func (r *results) section(number int, title string) {
	r.line("")
	r.line("%d. %s", number, title)
}

// atLeast says whether an aim is met that is the better the greater its figure; %s of the sentence takes the figure.
func (r *results) atLeast(name string, figure, goal float64, sentence string) {
	r.aim(name, figure, goal, figure >= goal, sentence)
}

// atMost says whether an aim is met that is the better the smaller its figure.
func (r *results) atMost(name string, figure, goal float64, sentence string) {
	r.aim(name, figure, goal, figure <= goal, sentence)
}

func (r *results) aim(name string, figure, goal float64, met bool, sentence string) {
	verdict := "short"
	if met {
		verdict = "met"
	}
	line := fmt.Sprintf("aim %s: %s (goal %s) %s", name, fmt.Sprintf(sentence, number(figure)), number(goal), verdict)
	r.line("  %s", line)
	r.aims = append(r.aims, line)
}

// number writes a figure with as many digits as mean something.
func number(figure float64) string {
	switch {
	case figure >= 100:
		return fmt.Sprintf("%.0f", figure)
	case figure >= 10:
		return fmt.Sprintf("%.1f", figure)
	default:
		return fmt.Sprintf("%.2f", figure)
	}
}

// summary prints the aims, one a line.
func (r *results) summary() {
	r.line("")
	r.line("%.0f s in all", time.Since(r.begun).Seconds())
	for _, aim := range r.aims {
		fmt.Fprintln(r.out, aim)
	}
}

// The results stand between these marks of a document; what is around them is for people to write.
const (
	startMark = "<!-- results: "
	endMark   = "<!-- end of results -->"
)

// writeInto puts the results of this scale in the place of the earlier ones.
func (r *results) writeInto(name string) error {
	document, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	start := startMark + r.scale.name + " -->"
	before, rest, found := bytes.Cut(document, []byte(start))
	_, after, ended := bytes.Cut(rest, []byte(endMark))
	if !found || !ended {
		return fmt.Errorf("%s has no %q followed by %q", name, start, endMark)
	}
	command := "make bench"
	if r.scale.name != "full" {
		command += " SCALE=" + r.scale.name
	}
	var text bytes.Buffer
	fmt.Fprintf(&text, "%s%s\n`%s` on %s, %s:\n\n```\n%s\n```\n\nEverything that it printed:\n\n```\n%s```\n%s%s",
		before, start, command, r.begun.Format(time.DateOnly), machine(), strings.Join(r.aims, "\n"), r.text.Bytes(), endMark, after)
	return os.WriteFile(name, text.Bytes(), 0o644)
}

// machine says what this machine is.
func machine() string {
	return fmt.Sprintf("%d processors (%s), %s, %s, load average %s", runtime.NumCPU(), processor(), memory(), runtime.Version(), loadAverage())
}

func processor() string {
	for line := range strings.Lines(systemFile("/proc/cpuinfo")) {
		if name, value, found := strings.Cut(line, ":"); found && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func memory() string {
	for line := range strings.Lines(systemFile("/proc/meminfo")) {
		var kilobytes int
		if n, _ := fmt.Sscanf(line, "MemTotal: %d kB", &kilobytes); n == 1 {
			return fmt.Sprintf("%d GiB", (kilobytes+1<<19)>>20)
		}
	}
	return "memory unknown"
}

func loadAverage() string {
	if first, _, found := strings.Cut(systemFile("/proc/loadavg"), " "); found {
		return first
	}
	return "unknown"
}

// systemFile is empty where the system has no such file.
func systemFile(name string) string {
	content, _ := os.ReadFile(name)
	return string(content)
}
