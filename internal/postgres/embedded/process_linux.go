package embedded

import (
	"bytes"
	"os"
	"strconv"
	"time"

	"golang.org/x/sys/unix"
)

// watchInterval is how often a postmaster of another process is looked for: that reads two files of /proc.
const watchInterval = 50 * time.Millisecond

// isServerProcess says whether a process lives and is a PostgreSQL process of the cluster: each works in its cluster's
// directory. A zombie, which kill(2) takes for alive, is not; nor is a stranger that was given an old number.
func isServerProcess(pid int, cluster string) bool {
	directory := "/proc/" + strconv.Itoa(pid)
	stat, err := os.ReadFile(directory + "/stat")
	if err != nil {
		return false
	}
	// The program's name stands in parentheses and may hold anything; the state follows the last one.
	end := bytes.LastIndexByte(stat, ')')
	if end < 0 || end+2 >= len(stat) || stat[end+2] == 'Z' || stat[end+2] == 'X' {
		return false
	}
	if !bytes.Contains(stat[:end], []byte("postgres")) {
		return false
	}
	here, err := os.Stat(cluster)
	if err != nil {
		return false
	}
	there, err := os.Stat(directory + "/cwd")
	return err == nil && os.SameFile(here, there)
}

func machineMemory() int64 {
	var info unix.Sysinfo_t
	if err := unix.Sysinfo(&info); err != nil {
		return 1024 * megabyte
	}
	return int64(info.Totalram) * int64(info.Unit)
}
