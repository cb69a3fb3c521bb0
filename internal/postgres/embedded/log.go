package embedded

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	maxLog  = 8 * megabyte
	keptLog = 1 * megabyte
)

// logKeeper bounds the server's log while somebody uses the server.
type logKeeper struct {
	done chan struct{}
	ends sync.WaitGroup
}

func keepLog(path string) *logKeeper {
	k := &logKeeper{done: make(chan struct{})}
	k.ends.Go(func() {
		ticker := time.NewTicker(time.Minute)
		defer ticker.Stop()
		for {
			trimLog(path, maxLog, keptLog)
			select {
			case <-k.done:
				return
			case <-ticker.C:
			}
		}
	})
	return k
}

func (k *logKeeper) stop() {
	close(k.done)
	k.ends.Wait()
}

// trimLog cuts a log that is larger than it may be down to its last whole lines. The server appends, so it goes on
// writing at the new end; a line that it writes in this very moment may be lost.
func trimLog(path string, maxSize, kept int64) {
	file, err := openPrivate(path, os.O_RDWR)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil || info.Size() <= maxSize {
		return
	}
	tail, err := io.ReadAll(io.NewSectionReader(file, info.Size()-kept, kept))
	if err != nil || file.Truncate(0) != nil {
		return
	}
	_, _ = file.WriteAt(tail[bytes.IndexByte(tail, '\n')+1:], 0)
}

// tailFrom gives what was logged since the log had a length, its last lines at most.
func tailFrom(path string, offset int64) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer func() { _ = file.Close() }()
	content, _ := io.ReadAll(io.NewSectionReader(file, offset, megabyte)) // as much as can be read
	return lastLines(content, 10)
}

// The end of a log that lastWords reads, and how many lines it gives.
const (
	wordsRead = 64 << 10
	maxWords  = 5
)

// messageLine is a line by which a process of the server says something: who, how grave, and what.
var messageLine = regexp.MustCompile(`^[^\[\t]+ \[(\d+)\] ([A-Z]+):  (.+)$`)

// lastWords gives what a postmaster said at the end of its log, and what ended any process of its server, each once. It
// gives nothing else: an operator may have PostgreSQL log statements, and those hold the numbers of people.
func lastWords(path string, postmaster int) []string {
	file, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return nil
	}
	content, _ := io.ReadAll(io.NewSectionReader(file, max(0, info.Size()-wordsRead), wordsRead)) // as much as can be read
	var words []string
	for line := range strings.Lines(string(content)) {
		found := messageLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if found == nil {
			continue
		}
		own := found[1] == strconv.Itoa(postmaster) && (found[2] == "LOG" || found[2] == "WARNING" || found[2] == "HINT")
		word := found[2] + ": " + found[3]
		if (own || found[2] == "FATAL" || found[2] == "PANIC") && !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return words[max(0, len(words)-maxWords):]
}

// lastLines gives the end of a program's output.
func lastLines(output []byte, n int) string {
	lines := strings.Split(strings.TrimSpace(string(output)), "\n")
	return strings.Join(lines[max(0, len(lines)-n):], "\n")
}
