package embedded

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
)

const megabyte = 1 << 20

// setting is one line of settingsFile.
type setting struct{ name, value string }

// section is settings that share a reason.
type section struct {
	reason   string
	settings []setting
}

// settings is the content of settingsFile: what differs from PostgreSQL's own defaults, each name once.
func settings(memory, disk int64, processors int, disposable bool) []byte {
	sections := []section{forReading(memory, processors), forWriting(disk), forDiscretion, forEverybody}
	if disposable {
		sections = append(sections, forTests)
	}
	last := map[string]int{} // the section whose value of a name counts
	for i, one := range sections {
		for _, s := range one.settings {
			last[s.name] = i
		}
	}
	var b bytes.Buffer
	for i, one := range sections {
		fmt.Fprintf(&b, "# %s\n", one.reason)
		for _, s := range one.settings {
			if last[s.name] == i {
				fmt.Fprintf(&b, "%s = '%s'\n", s.name, s.value)
			}
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func forReading(memory int64, processors int) section {
	return section{"One report is read by many: keep what it reads.", []setting{
		{"shared_buffers", size(min(max(memory/4, 64*megabyte), 1024*megabyte))},
		{"effective_cache_size", size(max(memory*6/10, 256*megabyte))},
		{"work_mem", size(min(max(memory/256, 4*megabyte), 32*megabyte))},
		{"maintenance_work_mem", size(min(max(memory/16, 64*megabyte), 512*megabyte))},
		// A session that counts works itself; more helpers than it leaves processors to only take turns with it.
		{"max_parallel_workers_per_gather", strconv.Itoa(min(processors-1, 2))},
		{"random_page_cost", "1.1"}, // disks without moving parts
		{"jit", "off"},              // short statements: compiling them costs more than running them
		// A statement over years of months locks each month's tables and indexes.
		{"max_locks_per_transaction", "1024"},
	}}
}

// forWriting leaves most of a small disk to the data.
func forWriting(disk int64) section {
	log := min(max(disk/10, 64*megabyte), 4096*megabyte)
	return section{"Contacts arrive in bulk: few checkpoints, and no log for a table that is filled in the transaction that made it.", []setting{
		{"wal_level", "minimal"},
		{"max_wal_senders", "0"},
		{"max_wal_size", size(log)},
		{"min_wal_size", size(min(log/2, 256*megabyte))},
		{"checkpoint_timeout", "15min"},
	}}
}

// size is a number of bytes as PostgreSQL reads it.
func size(bytes int64) string { return strconv.FormatInt(bytes/megabyte, 10) + "MB" }

var forDiscretion = section{"Phone numbers must not land in the log: statements that fail and their errors are the client's to tell.", []setting{
	{"log_min_error_statement", "panic"},
	{"log_min_messages", "log"},
	{"log_error_verbosity", "terse"},
	{"log_parameter_max_length", "0"},
	{"log_checkpoints", "off"},
	{"log_autovacuum_min_duration", "-1"},
	{"log_destination", "stderr"},
	{"logging_collector", "off"},
	{"log_line_prefix", "%m [%p] "},
	{"log_timezone", "UTC"},
}}

var forEverybody = section{"What the rest of Kontakty counts on.", []setting{
	{"timezone", "UTC"},
	{"datestyle", "iso, ymd"},
	{"lc_messages", "C"},
	{"default_text_search_config", "pg_catalog.simple"},
	{"cluster_name", "kontakty"},
	{"unix_socket_permissions", "0700"},
}}

var forTests = section{"Nothing here outlives the tests.", []setting{
	{"shared_buffers", "64MB"},
	{"fsync", "off"},
	{"synchronous_commit", "off"},
	{"full_page_writes", "off"},
	{"max_connections", "400"},
	{"autovacuum", "off"}, // plans must not change while a test looks at them
	{"max_parallel_workers_per_gather", "0"},
}}

// memory is how many bytes this process may use: the machine's, or the container's if that is less.
func memory() int64 {
	bytes := machineMemory()
	for _, path := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		content, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if limit, err := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64); err == nil && limit > 0 {
			bytes = min(bytes, limit)
		}
	}
	return bytes
}
