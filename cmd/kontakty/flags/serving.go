package flags

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/kontakty/kontakty/internal/server"
)

// Serving is the flags by which the API is served.
type Serving struct {
	Log
	Limits
	Starts

	Listen         string   `env:"KONTAKTY_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on; :8080 serves on every network, port 0 takes a free one (default: ${default})."`
	PublicURL      string   `name:"public-url" env:"KONTAKTY_PUBLIC_URL" placeholder:"URL" help:"Address that users reach this server by, if it stands behind a proxy. Links to files then begin with it; without it they are paths on this server."`
	TimeZone       string   `name:"time-zone" env:"KONTAKTY_TIME_ZONE" default:"Europe/Warsaw" placeholder:"ZONE" help:"Time zone of reports whose filter names none (default: ${default})."`
	TrustedProxies []string `name:"trusted-proxies" env:"KONTAKTY_TRUSTED_PROXIES" placeholder:"NETWORK" help:"Believe X-Forwarded-For of proxies in these networks, such as 10.0.0.0/8 (default: none)."`
	NewThingsADay  Number   `name:"new-things-a-day" env:"KONTAKTY_NEW_THINGS_A_DAY" default:"20000" placeholder:"NUMBER" help:"How many agents, campaigns, queues, classifiers and forms, each, the API makes on a day of UTC (default: ${default})."`
	ShutdownDelay  Span     `name:"shutdown-delay" env:"KONTAKTY_SHUTDOWN_DELAY" default:"0s" placeholder:"TIME" help:"For how long a server that was told to stop still answers, while /readyz already says 503: as long as the proxy before it takes to notice, such as 5s (default: ${default})."`
	AllowOrigins   []string `name:"allow-origins" env:"KONTAKTY_ALLOW_ORIGINS" placeholder:"URL" help:"Web pages of these origins may call the API from a browser, such as https://panel.example.com (default: none)."`

	zone          *time.Location
	proxies       server.Proxies
	newThingsADay int
	shutdownDelay time.Duration
}

// Check reads the flags, and adds what is wrong with them.
func (f *Serving) Check(wrong *Faults) {
	if !isAddress(f.Listen) {
		wrong.Add("--listen", fmt.Sprintf("%q is not HOST:PORT", f.Listen), "write for example 127.0.0.1:8080")
	}
	if f.PublicURL != "" {
		if public, err := url.Parse(f.PublicURL); err != nil || !isBelowOrigin(public) {
			wrong.Add("--public-url", fmt.Sprintf("%q is not an http or https address", f.PublicURL), "write for example https://contacts.example.com")
		}
	}
	zone, err := time.LoadLocation(f.TimeZone)
	if err != nil || f.TimeZone == "" || f.TimeZone == "Local" {
		wrong.Add("--time-zone", fmt.Sprintf("%q is not an IANA time zone", f.TimeZone), "write for example Europe/Warsaw")
	}
	f.zone = zone
	for _, origin := range f.AllowOrigins {
		if parsed, err := url.Parse(origin); err != nil || !isOrigin(parsed) {
			wrong.Add("--allow-origins", fmt.Sprintf("%q is not the origin of a web page", origin), "write scheme and host only, such as https://panel.example.com")
		}
	}
	f.proxies = readProxies(wrong, f.TrustedProxies)
	f.Limits.Check(wrong)
	f.Starts.Check(wrong)
	f.newThingsADay = int(f.NewThingsADay.Read(wrong, "--new-things-a-day", 1, 1_000_000))
	f.shutdownDelay = f.ShutdownDelay.ReadShort(wrong, "--shutdown-delay", 0, 10*time.Minute)
	f.Log.Check(wrong)
}

// Config is how the process answers requests.
func (f *Serving) Config() server.HTTPConfig {
	return server.HTTPConfig{
		Listen: f.Listen, PublicURL: f.PublicURL, Proxies: f.proxies, AllowOrigins: f.AllowOrigins,
		RatePerMinute: f.ratePerMinute, RateBurst: f.rateBurst, WriteConnections: f.writeConnections,
		RequestTimeout: f.requestTimeout, StatementTimeout: f.statementTimeout,
		Limits: f.requestLimits, NoIntrospection: f.noIntrospection, ShutdownDelay: f.shutdownDelay,
	}
}

// NewThings is how many things of a kind the API makes on a day.
func (f *Serving) NewThings() int { return f.newThingsADay }

// Zone is the time zone of reports whose filter names none.
func (f *Serving) Zone() *time.Location { return f.zone }

// readProxies reads networks and single addresses.
func readProxies(wrong *Faults, texts []string) server.Proxies {
	var proxies server.Proxies
	for _, text := range texts {
		network, err := server.ParseProxies(text)
		if err != nil {
			wrong.Add("--trusted-proxies", fmt.Sprintf("%q is not a network", text), "write for example 10.0.0.0/8 or 192.0.2.7")
			continue
		}
		proxies = append(proxies, network)
	}
	return proxies
}

func isPort(text string) bool {
	_, err := strconv.ParseUint(text, 10, 16)
	return err == nil
}

func isOrigin(u *url.URL) bool {
	return isBelowOrigin(u) && u.Path == ""
}

func isBelowOrigin(u *url.URL) bool {
	return (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && u.User == nil && u.RawQuery == "" && u.Fragment == ""
}
