package main

import (
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/jackc/pgx/v5"
)

// dataFlags say where everything is kept that belongs to one installation.
type dataFlags struct {
	DataDir string `name:"data-dir" env:"KONTAKTY_DATA_DIR" default:".kontakty" placeholder:"DIR" help:"Directory of the private PostgreSQL and of the files made (default: ${default})."`
}

func (f *dataFlags) check(wrong *faults) {
	absolute, err := filepath.Abs(f.DataDir)
	if f.DataDir == "" || err != nil {
		wrong.add("--data-dir", "not a directory's name", "name a directory that may be written, such as .kontakty")
		return
	}
	f.DataDir = absolute
}

// databaseFlags say which PostgreSQL is used.
type databaseFlags struct {
	dataFlags

	DatabaseURL string `name:"database-url" env:"KONTAKTY_DATABASE_URL" placeholder:"URL" help:"PostgreSQL to use, such as postgres://kontakty:secret@db.example.com/kontakty. Without it: the private one in the data directory."`
}

func (f *databaseFlags) check(wrong *faults) {
	f.dataFlags.check(wrong)
	if f.DatabaseURL == "" {
		return
	}
	// The URL may hold a password, and so may the parser's message: neither is shown.
	if _, err := pgx.ParseConfig(f.DatabaseURL); err != nil {
		wrong.add("--database-url", "not the URL of a PostgreSQL database", "write postgres://USER:PASSWORD@HOST:5432/DATABASE")
	}
}

// servingFlags say how the API is served.
type servingFlags struct {
	logFlags
	limitsFlags

	Listen         string   `env:"KONTAKTY_LISTEN" default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address to serve on; :8080 serves on every network, port 0 takes a free one (default: ${default})."`
	PublicURL      string   `name:"public-url" env:"KONTAKTY_PUBLIC_URL" placeholder:"URL" help:"Address that users reach this server by, if it stands behind a proxy. Links to files then begin with it; without it they are paths on this server."`
	TimeZone       string   `name:"time-zone" env:"KONTAKTY_TIME_ZONE" default:"Europe/Warsaw" placeholder:"ZONE" help:"Time zone of reports whose filter names none (default: ${default})."`
	TrustedProxies []string `name:"trusted-proxies" env:"KONTAKTY_TRUSTED_PROXIES" placeholder:"NETWORK" help:"Believe X-Forwarded-For of proxies in these networks, such as 10.0.0.0/8 (default: none)."`
	AllowOrigins   []string `name:"allow-origins" env:"KONTAKTY_ALLOW_ORIGINS" placeholder:"URL" help:"Web pages of these origins may call the API from a browser, such as https://panel.example.com (default: none)."`

	public  *url.URL
	zone    *time.Location
	proxies proxies
}

func (f *servingFlags) check(wrong *faults) {
	if host, port, err := net.SplitHostPort(f.Listen); err != nil || !isPort(port) || strings.Contains(host, "/") {
		wrong.add("--listen", fmt.Sprintf("%q is not HOST:PORT", f.Listen), "write for example 127.0.0.1:8080")
	}
	if f.PublicURL != "" {
		public, err := url.Parse(f.PublicURL)
		if err != nil || !isOrigin(public) && !isBelowOrigin(public) {
			wrong.add("--public-url", fmt.Sprintf("%q is not an http or https address", f.PublicURL), "write for example https://contacts.example.com")
		} else {
			f.public = public
		}
	}
	zone, err := time.LoadLocation(f.TimeZone)
	if err != nil || f.TimeZone == "" || f.TimeZone == "Local" {
		wrong.add("--time-zone", fmt.Sprintf("%q is not an IANA time zone", f.TimeZone), "write for example Europe/Warsaw")
	}
	f.zone = zone
	for _, origin := range f.AllowOrigins {
		if parsed, err := url.Parse(origin); err != nil || !isOrigin(parsed) {
			wrong.add("--allow-origins", fmt.Sprintf("%q is not the origin of a web page", origin), "write scheme and host only, such as https://panel.example.com")
		}
	}
	f.proxies = readProxies(wrong, f.TrustedProxies)
	f.limitsFlags.check(wrong)
	f.logFlags.check(wrong)
}

// logFlags say how a process that runs on and on tells what happens.
type logFlags struct {
	LogFormat string `name:"log-format" env:"KONTAKTY_LOG_FORMAT" default:"text" placeholder:"text|json" help:"Form of the log on standard error (default: ${default})."`
}

func (f *logFlags) check(wrong *faults) {
	if f.LogFormat != "text" && f.LogFormat != "json" {
		wrong.add("--log-format", fmt.Sprintf("%q is no form of log", f.LogFormat), "write text or json")
	}
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

// number is a count or a seed: the text as given until check reads it.
type number string

// read makes a number of the text, between least and most.
func (n number) read(wrong *faults, flag string, least, most int64) int64 {
	value, err := strconv.ParseInt(strings.ReplaceAll(string(n), "_", ""), 10, 64)
	if err != nil || value < least || value > most {
		wrong.add(flag, fmt.Sprintf("%q is not a whole number from %d to %d", string(n), least, most), fmt.Sprintf("write for example %s %d", flag, max(least, min(most, 3))))
	}
	return value
}

// span is a length of time, in days or as Go writes it: the text as given until check reads it.
type span string

// read makes a duration of the text, between least and most.
func (s span) read(wrong *faults, flag string, least, most time.Duration) time.Duration {
	const day = 24 * time.Hour
	value, err := parseSpan(string(s))
	if err != nil || value < least || value > most {
		wrong.add(flag, fmt.Sprintf("%q is not a time from %dd to %dd", string(s), least/day, most/day), fmt.Sprintf("write for example %s %dd or %s 36h", flag, max(least/day, min(most/day, 7)), flag))
	}
	return value
}

// within is read for lengths far below a day.
func (s span) within(wrong *faults, flag string, least, most time.Duration) time.Duration {
	value, err := parseSpan(string(s))
	if err != nil || value < least || value > most {
		wrong.add(flag, fmt.Sprintf("%q is not a time from %s to %s", string(s), least, most), "write for example "+flag+" 5s")
	}
	return value
}

// parseSpan reads a length of time, in days or as Go writes it.
func parseSpan(text string) (time.Duration, error) {
	if days, inDays := strings.CutSuffix(text, "d"); inDays {
		count, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(count) * 24 * time.Hour, err
	}
	return time.ParseDuration(text)
}

// toggle is a flag that is on or off: the text as given until check reads it, because the environment and the
// configuration file can say anything.
type toggle string

// IsBool tells kong that the flag stands alone.
func (*toggle) IsBool() bool { return true }

// Decode keeps what was given.
func (t *toggle) Decode(ctx *kong.DecodeContext) error {
	if ctx.Scan.Peek().Type != kong.FlagValueToken {
		*t = "true"
		return nil
	}
	*t = toggle(fmt.Sprint(ctx.Scan.Pop().Value))
	return nil
}

// read says whether the flag is on.
func (t toggle) read(wrong *faults, flag string) bool {
	if t == "" {
		return false
	}
	on, err := strconv.ParseBool(string(t))
	if err != nil {
		wrong.add(flag, fmt.Sprintf("%q is neither true nor false", string(t)), "write "+flag+" or leave it out")
	}
	return on
}

var _ kong.BoolMapperValue = (*toggle)(nil)
