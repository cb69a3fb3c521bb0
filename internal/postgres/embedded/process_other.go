//go:build unix && !linux

package embedded

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// watchInterval is how often a postmaster of another process is looked for: that runs a program.
const watchInterval = time.Second

// isServerProcess says whether a process lives and is a PostgreSQL process of the cluster: the postmaster names its
// directory on the command line. A zombie, which kill(2) takes for alive, is not; nor is a stranger that was given an
// old number.
func isServerProcess(pid int, cluster string) bool {
	output, err := run(context.Background(), "ps", "-ww", "-o", "stat=,command=", "-p", strconv.Itoa(pid))
	if err != nil || strings.HasPrefix(output, "Z") {
		return false
	}
	return strings.Contains(output, "postgres") && strings.Contains(output, cluster)
}

// machineMemory is a modest guess: asking differs from system to system.
func machineMemory() int64 { return 4096 * megabyte }
