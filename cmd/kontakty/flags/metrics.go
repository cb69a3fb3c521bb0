package flags

import (
	"fmt"
	"net"
	"strings"
)

// Metrics say where a process tells how it fares.
type Metrics struct {
	MetricsListen string `name:"metrics-listen" env:"KONTAKTY_METRICS_LISTEN" placeholder:"HOST:PORT" help:"Answer /metrics and /healthz on a port of their own, such as 127.0.0.1:9090. Without it serve answers /metrics beside the API, and other commands not at all."`
}

// Check reads the address.
func (f *Metrics) Check(wrong *Faults) {
	if f.MetricsListen == "" {
		return
	}
	if !isAddress(f.MetricsListen) {
		wrong.Add("--metrics-listen", fmt.Sprintf("%q is not HOST:PORT", f.MetricsListen), "write for example 127.0.0.1:9090")
	}
}

// isAddress says whether a text is HOST:PORT.
func isAddress(text string) bool {
	host, port, err := net.SplitHostPort(text)
	return err == nil && isPort(port) && !strings.Contains(host, "/")
}
