package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/telephony"
	"github.com/kontakty/kontakty/internal/telephony/system"
)

type draftSourceCommand struct {
	Name         string `arg:"" name:"source" help:"The source's name, such as pbx1: NAME.json is written."`
	Kind         string `default:"freepbx" placeholder:"KIND" help:"What it is: freepbx or asterisk (default: ${default})."`
	ExchangeURL  string `name:"database-url" required:"" placeholder:"URL" help:"The exchange's database, such as mysql://kontakty@10.0.0.5/asteriskcdrdb."`
	PasswordFile string `name:"password-file" placeholder:"FILE" help:"File with the password for it."`
	TimeZone     string `name:"time-zone" default:"Europe/Warsaw" placeholder:"ZONE" help:"Time zone of the exchange (default: ${default})."`

	source *telephony.Source
}

func (c *draftSourceCommand) check(wrong *flags.Faults) {
	if c.PasswordFile != "" {
		if absolute, err := filepath.Abs(c.PasswordFile); err == nil {
			c.PasswordFile = absolute
		}
	}
	var err error
	if c.source, err = telephony.Draft(c.Name, telephony.SystemKind(c.Kind), c.ExchangeURL, c.PasswordFile, c.TimeZone); err != nil {
		wrong.Add("sources draft", err.Error(), "mend it")
	}
}

func (c *draftSourceCommand) run(ctx context.Context, term terminal) error {
	path := c.Name + ".json"
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s is there already: it is not written over", path)
	}
	notes, err := system.Draft(ctx, c.source)
	if err != nil {
		return err
	}
	content, err := json.MarshalIndent(c.source, "", " ")
	if err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(append(content, '\n')); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return err
	}
	for _, note := range notes {
		fmt.Fprintln(term.out, note)
	}
	fmt.Fprintf(term.out, "%s is written: read it, then kontakty sources check %s\n", path, path)
	return nil
}
