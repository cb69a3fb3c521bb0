package flags

import (
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/kontakty/kontakty/internal/export"
	"github.com/kontakty/kontakty/internal/server"
)

// Bucket say where the files made are kept.
type Bucket struct {
	FilesURL string `name:"files-url" env:"KONTAKTY_FILES_URL" placeholder:"URL" help:"Bucket of the files made: file:///var/lib/kontakty/files, or s3://BUCKET?region=REGION with &endpoint=URL&use_path_style=true for a service other than Amazon's (default: files in the data directory). Every process on a database needs the same one."`
}

// Check reads the URL.
func (f *Bucket) Check(wrong *Faults) {
	if f.FilesURL == "" || isBucket(f.FilesURL) {
		return
	}
	wrong.Add("--files-url", fmt.Sprintf("%q is not a bucket that this program can use", f.FilesURL), "write for example file:///var/lib/kontakty/files or s3://bucket?region=eu-central-1")
}

// Address is the URL of the bucket. In a local directory nobody but its owner may look.
func (f *Bucket) Address(dataDir string) string {
	if f.FilesURL == "" {
		return ownedBucket(url.URL{Scheme: "file", Path: filepath.ToSlash(filepath.Join(dataDir, "files"))})
	}
	given, err := url.Parse(f.FilesURL)
	if err != nil || given.Scheme != "file" {
		return f.FilesURL // opening it says what is wrong
	}
	return ownedBucket(*given)
}

func ownedBucket(address url.URL) string {
	query := address.Query()
	if !query.Has("dir_file_mode") {
		query.Set("dir_file_mode", "0700")
	}
	address.RawQuery = query.Encode()
	return address.String()
}

// Files say how files are made and kept, and how many.
type Files struct {
	Bucket

	ExpireAfter     Span   `name:"files-expire-after" env:"KONTAKTY_FILES_EXPIRE_AFTER" default:"7d" placeholder:"TIME" help:"How long a finished file is kept, from 1d to 30d (default: ${default})."`
	AtOnce          Number `name:"files-at-once" env:"KONTAKTY_FILES_AT_ONCE" default:"1" placeholder:"N" help:"How many files this process makes at once (default: ${default})."`
	Redirect        Toggle `name:"files-redirect" env:"KONTAKTY_FILES_REDIRECT" help:"Send who fetches a file to the bucket itself, by an address that it signs for a minute, instead of passing the file on. Where the bucket cannot, the file is passed on."`
	PerPerson       Number `name:"files-per-person" env:"KONTAKTY_FILES_PER_PERSON" default:"2" placeholder:"N" help:"How many unfinished files one person may have ordered (default: ${default})."`
	Queued          Number `name:"files-queued" env:"KONTAKTY_FILES_QUEUED" default:"20" placeholder:"N" help:"How many files may wait for their turn, whoever ordered them (default: ${default})."`
	ContactsPerFile Number `name:"contacts-per-file" env:"KONTAKTY_CONTACTS_PER_FILE" default:"1000000" placeholder:"N" help:"How many contacts a file may hold; an order of more is refused (default: ${default})."`

	expireAfter time.Duration
	atOnce      int
	redirect    bool
	limits      export.Limits
}

// Check reads them all.
func (f *Files) Check(wrong *Faults) {
	const day = 24 * time.Hour
	f.Bucket.Check(wrong)
	f.expireAfter = f.ExpireAfter.Read(wrong, "--files-expire-after", day, 30*day)
	f.atOnce = int(f.AtOnce.Read(wrong, "--files-at-once", 1, 32))
	f.redirect = f.Redirect.Read(wrong, "--files-redirect")
	f.limits = export.Limits{
		UnfinishedPerPerson: int(f.PerPerson.Read(wrong, "--files-per-person", 1, 1_000)),
		Queued:              int(f.Queued.Read(wrong, "--files-queued", 1, 100_000)),
		ContactsPerFile:     int(f.ContactsPerFile.Read(wrong, "--contacts-per-file", 1, 1_000_000_000)),
	}
}

// Config is how files are made and kept beside a data directory.
func (f *Files) Config(dataDir string) server.FilesConfig {
	return server.FilesConfig{
		Bucket: f.Address(dataDir), Expiry: f.expireAfter, Concurrency: f.atOnce, Redirect: f.redirect, Limits: f.limits,
	}
}
