package embedded

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// settingsFile is the file in the cluster that holds Kontakty's settings.
const settingsFile = "kontakty.conf"

const megabyte = 1 << 20

// configure writes the settings, for the memory and the processors that the machine has today.
func (p place) configure(a account, disposable bool) error {
	return a.writeFile(filepath.Join(p.cluster(), settingsFile), settings(memory(), runtime.NumCPU(), disposable))
}

// settings are what differs from PostgreSQL's own defaults.
func settings(memory int64, processors int, disposable bool) []byte {
	var b bytes.Buffer
	set := func(name, value string) { fmt.Fprintf(&b, "%s = '%s'\n", name, value) }
	size := func(bytes int64) string { return strconv.FormatInt(bytes/megabyte, 10) + "MB" }

	b.WriteString("# One report is read by many: keep what it reads.\n")
	buffers := min(max(memory/4, 64*megabyte), 1024*megabyte)
	if disposable {
		buffers = 64 * megabyte
	}
	set("shared_buffers", size(buffers))
	set("effective_cache_size", size(max(memory*6/10, 256*megabyte)))
	set("work_mem", size(min(max(memory/256, 4*megabyte), 32*megabyte)))
	set("maintenance_work_mem", size(min(max(memory/16, 64*megabyte), 512*megabyte)))
	// A session that counts works itself; more helpers than it leaves processors to only take turns with it.
	set("max_parallel_workers_per_gather", strconv.Itoa(min(processors-1, 2)))
	set("random_page_cost", "1.1") // disks without moving parts
	set("jit", "off")              // short statements: compiling them costs more than running them

	b.WriteString("\n# Records arrive in bulk: few checkpoints, and no log for a table that is filled in the transaction that made it.\n")
	set("wal_level", "minimal")
	set("max_wal_senders", "0")
	set("max_wal_size", "4GB")
	set("min_wal_size", "256MB")
	set("checkpoint_timeout", "15min")

	b.WriteString("\n# Phone numbers must not land in the log: statements that fail and their errors are the client's to tell.\n")
	set("log_min_error_statement", "panic")
	set("log_min_messages", "log")
	set("log_error_verbosity", "terse")
	set("log_parameter_max_length", "0")
	set("log_checkpoints", "off")
	set("log_autovacuum_min_duration", "-1")
	set("log_destination", "stderr")
	set("logging_collector", "off")
	set("log_line_prefix", "%m [%p] ")
	set("log_timezone", "UTC")

	b.WriteString("\n# What the rest of Kontakty counts on.\n")
	set("timezone", "UTC")
	set("datestyle", "iso, ymd")
	set("lc_messages", "C")
	set("default_text_search_config", "pg_catalog.simple")
	set("cluster_name", "kontakty")
	set("unix_socket_permissions", "0700")

	if disposable {
		b.WriteString("\n# Nothing here outlives the tests.\n")
		set("fsync", "off")
		set("synchronous_commit", "off")
		set("full_page_writes", "off")
		set("max_connections", "400")
		set("autovacuum", "off") // plans must not change while a test looks at them
		set("max_parallel_workers_per_gather", "0")
	}
	return b.Bytes()
}

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
