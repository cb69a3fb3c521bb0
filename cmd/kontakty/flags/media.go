package flags

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/kontakty/kontakty/internal/media"
	"github.com/kontakty/kontakty/internal/server"
)

// Recordings say where the recordings of calls and the attachments of e-mails are, which others keep.
type Recordings struct {
	RecordingsURL []string `name:"recordings-url" env:"KONTAKTY_RECORDINGS_URL" sep:"," placeholder:"[SOURCE=]URL" help:"Where recordings are, read only: file:///var/spool/asterisk/monitor, or s3://BUCKET?region=REGION as --files-url has it. SOURCE=URL is that of one source, with whose name and a colon the externalId of its contacts begins. &strip=/FOLDER names what paths begin with, if not with the folder itself."`

	AttachmentsURL []string `name:"attachments-url" env:"KONTAKTY_ATTACHMENTS_URL" sep:"," placeholder:"[SOURCE=]URL" help:"Where the attachments of e-mails are, as --recordings-url has it."`

	addresses, attachments media.Addresses
}

// Check reads the URLs.
func (r *Recordings) Check(wrong *Faults) {
	r.addresses = readArchives(wrong, "--recordings-url", r.RecordingsURL)
	r.attachments = readArchives(wrong, "--attachments-url", r.AttachmentsURL)
}

// Config is where recordings and attachments are.
func (r *Recordings) Config() server.MediaConfig {
	return server.MediaConfig{Recordings: r.addresses, Attachments: r.attachments}
}

// Addresses are the URLs of the archives of recordings.
func (r *Recordings) Addresses() media.Addresses { return r.addresses }

// readArchives reads URLs of archives, each of one source or of all others.
func readArchives(wrong *Faults, flag string, given []string) media.Addresses {
	read := media.Addresses{Sources: map[string]string{}}
	for _, one := range given {
		source, address := "", one
		if name, rest, named := strings.Cut(one, "="); named && !strings.Contains(name, ":") {
			source, address = name, rest
		}
		if !isBucket(address) {
			wrong.Add(flag, fmt.Sprintf("%q is not a bucket that this program can use", address), "write for example file:///var/spool/asterisk/monitor or s3://bucket?region=eu-central-1")
			continue
		}
		_, twice := read.Sources[source]
		switch {
		case source == "" && read.Default == "":
			read.Default = address
		case source != "" && !twice:
			read.Sources[source] = address
		default:
			wrong.Add(flag, fmt.Sprintf("%q is a second one of the same source", one), "name each source once")
		}
	}
	return read
}

// isBucket says whether a URL names a local directory or a bucket of an S3 service.
func isBucket(address string) bool {
	bucket, err := url.Parse(address)
	return err == nil && (bucket.Scheme == "file" && bucket.Host == "" && filepath.IsAbs(bucket.Path) || bucket.Scheme == "s3" && bucket.Host != "")
}
