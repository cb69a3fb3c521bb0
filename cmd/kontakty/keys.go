package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/kontakty/kontakty/cmd/kontakty/flags"
	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
	"github.com/kontakty/kontakty/internal/server"
)

// keysCommands make, list and revoke API keys, as somebody who has the machine.
type keysCommands struct {
	Create createKeyCommand  `cmd:"" help:"Make a key and print it, once."`
	List   listKeysCommand   `cmd:"" help:"List the keys, the newest first."`
	Revoke revokeKeysCommand `cmd:"" help:"Make keys useless."`
}

// everyScope stands for all scopes on the command line.
const everyScope = "all"

type createKeyCommand struct {
	flags.Database

	Name         string       `placeholder:"NAME" help:"What the key is for, for people."`
	Scopes       []string     `name:"scope" placeholder:"SCOPE" help:"What its holder may do; may be given several times."`
	Unrestricted flags.Toggle `help:"Let its holder see every contact."`
	Campaigns    []string     `name:"campaign" sep:"none" placeholder:"ID" help:"Let its holder see the contacts of the campaign with this external id; may be given several times."`
	AgentGroups  []string     `name:"agent-group" sep:"none" placeholder:"ID" help:"Let its holder see the contacts that members of the group with this external id handled; may be given several times."`
	Agent        string       `placeholder:"ID" help:"Let its holder see the contacts that the agent with this external id handled."`
	Expires      string       `placeholder:"TIME" help:"From when it is refused: an instant, a day, or in how long, such as 90d (default: never, until it is revoked)."`

	input access.KeyInput
}

// Help teaches the command.
func (*createKeyCommand) Help() string {
	return `Prints the key alone on standard output, and this one time: only its SHA-256 is kept. Its holder sends it with every
request, "Authorization: Bearer kky_…".

Scopes, none of which implies another:
  contacts:read       see contacts
  contacts:addresses  see their numbers and e-mail addresses unmasked, and filter by them
  contacts:bcc        see the hidden recipients of e-mails
  contacts:content    see recordings, message bodies and chats
  contacts:write      record contacts; only together with --unrestricted
  exports             order and fetch files
  admin               make and revoke keys, read the audit log, see everybody's files
"all" stands for all of them.

Which contacts: --unrestricted, or those of any --campaign, --agent-group or --agent that is named. All others do not
exist for the key's holder.

It works beside a running demo or serve on the same --data-dir.

Examples:
  kontakty keys create --name "Me" --scope all --unrestricted
  kontakty keys create --name "Sales, Anna" --scope contacts:read,exports --campaign PS --agent anna --expires 90d
  kontakty keys create --name "Switchboard" --scope contacts:write --unrestricted --expires 2027-12-31`
}

func (c *createKeyCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	if strings.TrimSpace(c.Name) == "" {
		wrong.Add("--name", "the key has no name", `write what it is for, such as --name "Panel of the sales team"`)
	}
	c.input.Name = c.Name
	for _, scope := range c.Scopes {
		if scope == everyScope {
			c.input.Scopes = access.Scopes
			break
		}
		if !slices.Contains(access.Scopes, access.Scope(scope)) {
			wrong.Add("--scope", fmt.Sprintf("%q is no scope", scope), "choose from "+flags.Listed(access.Scopes)+", or "+everyScope)
			continue
		}
		c.input.Scopes = append(c.input.Scopes, access.Scope(scope))
	}
	if len(c.Scopes) == 0 {
		wrong.Add("--scope", "the key may do nothing", "choose from "+flags.Listed(access.Scopes)+", or "+everyScope)
	}
	c.input.Grants = access.Grants{
		Unrestricted: c.Unrestricted.Read(wrong, "--unrestricted"),
		Campaigns:    c.Campaigns, AgentGroups: c.AgentGroups, Agent: c.Agent,
	}
	if c.sees() && c.input.Grants.String() == (access.Grants{}).String() {
		wrong.Add("--unrestricted", "the key would see no contact", "give it, or name a --campaign, an --agent-group or an --agent")
	}
	if slices.Contains(c.input.Scopes, access.ScopeWrite) && !c.input.Grants.Unrestricted {
		wrong.Add("--scope", string(access.ScopeWrite)+" goes with every contact alone, as recording replaces what others see",
			"give --unrestricted, or leave that scope out")
	}
	if c.Expires != "" {
		expires, ok := readExpiry(c.Expires, time.Now())
		if !ok {
			wrong.Add("--expires", fmt.Sprintf("%q is not a time to come", c.Expires), "write for example 90d, 2027-12-31 or 2027-12-31T18:00:00+01:00")
		}
		c.input.ExpiresAt = &expires
	}
}

// sees says whether the key is for seeing contacts, rather than for recording them or for managing keys.
func (c *createKeyCommand) sees() bool {
	return slices.Contains(c.input.Scopes, access.ScopeRead) || slices.Contains(c.input.Scopes, access.ScopeExports)
}

func (c *createKeyCommand) run(ctx context.Context, term terminal) error {
	return withKeys(ctx, c.Database.Config(), func(keys *access.Keys) error {
		key, text, err := keys.Create(ctx, access.Actor{Principal: access.Operator()}, c.input)
		if err != nil {
			return err
		}
		fmt.Fprintf(term.err, "This is the key of %q. It is shown this once: keep it where only its holder reads it.\n", key.Name)
		fmt.Fprintln(term.out, text)
		return nil
	})
}

type listKeysCommand struct{ flags.Database }

// Help teaches the command.
func (*listKeysCommand) Help() string {
	return `One line a key, revoked and expired ones too. The key itself is not kept and cannot be shown.

Examples:
  kontakty keys list
  kontakty keys list --database-url postgres://localhost/kontakty`
}

func (c *listKeysCommand) check(wrong *flags.Faults) { c.Database.Check(wrong) }

func (c *listKeysCommand) run(ctx context.Context, term terminal) error {
	return withKeys(ctx, c.Database.Config(), func(keys *access.Keys) error {
		table := tabwriter.NewWriter(term.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(table, "KEY\tNAME\tSCOPES\tCONTACTS\tEXPIRES\tLAST USED\tREVOKED")
		for page := (relay.PageArgs{}); ; {
			list, err := keys.List(ctx, access.Operator(), page)
			if err != nil {
				return err
			}
			for _, key := range list.Nodes() {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", key.KeyID, printable(key.Name), flags.Listed(key.Scopes), grantsInWords(key.Grants),
					instant(key.ExpiresAt), instant(key.LastUsedAt), instant(key.RevokedAt))
			}
			info := list.PageInfo()
			if !info.HasNextPage {
				return table.Flush()
			}
			page.After = info.EndCursor
		}
	})
}

type revokeKeysCommand struct {
	flags.Database

	Keys []string `arg:"" optional:"" name:"key" help:"Keys, by the id that \"kontakty keys list\" shows."`
}

// Help teaches the command.
func (*revokeKeysCommand) Help() string {
	return `Every process refuses a revoked key within a second. What its holder ordered is cancelled or withheld. To revoke it
again is safe.

Examples:
  kontakty keys revoke abcdefghij`
}

func (c *revokeKeysCommand) check(wrong *flags.Faults) {
	c.Database.Check(wrong)
	if len(c.Keys) == 0 {
		wrong.Add("keys revoke", "no key is named", `name keys by their ids, which "kontakty keys list" shows`)
	}
}

func (c *revokeKeysCommand) run(ctx context.Context, term terminal) error {
	return withKeys(ctx, c.Database.Config(), func(keys *access.Keys) error {
		operator := access.Actor{Principal: access.Operator()}
		var ids []int64 // all are found before any is revoked
		for n, name := range c.Keys {
			key, err := keys.Named(ctx, operator.Principal, name)
			if err != nil { // what was typed may be a whole key: it is not repeated
				return fmt.Errorf("key %d of %d: %w", n+1, len(c.Keys), err)
			}
			ids = append(ids, key.ID)
		}
		for _, id := range ids {
			key, err := keys.Revoke(ctx, operator, id)
			if err != nil {
				return err
			}
			fmt.Fprintf(term.out, "The key %s of %q opens nothing any more.\n", key.KeyID, key.Name)
		}
		return nil
	})
}

// withKeys opens the keys of a database whose tables are current.
func withKeys(ctx context.Context, config server.DatabaseConfig, work func(*access.Keys) error) error {
	return server.WithDatabase(ctx, config, func(database *server.Database, pool *postgres.Pool) error {
		if err := database.Prepare(ctx, pool, false); err != nil {
			return err
		}
		signer, err := server.CursorSigner(ctx, pool)
		if err != nil {
			return err
		}
		return work(access.NewKeys(pool, signer, time.Now, nil))
	})
}

// readExpiry reads an instant, a day (in UTC, from its beginning), or how long from now; false for what is none of
// them or has passed.
func readExpiry(text string, now time.Time) (time.Time, bool) {
	if length, err := flags.ParseSpan(text); err == nil {
		return now.Add(length), length > 0
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, at.After(now)
		}
	}
	return time.Time{}, false
}

// grantsInWords says which contacts exist for a key.
func grantsInWords(grants access.Grants) string {
	if grants.Unrestricted {
		return "all"
	}
	var words []string
	for what, names := range map[string][]string{"campaign": grants.Campaigns, "group": grants.AgentGroups, "agent": {grants.Agent}} {
		for _, name := range names {
			if name != "" {
				words = append(words, what+" "+printable(name))
			}
		}
	}
	if len(words) == 0 {
		return "none"
	}
	slices.Sort(words)
	return strings.Join(words, ", ")
}

// printable keeps a name from moving the cursor of a terminal, or the columns of a table.
func printable(name string) string {
	return strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return '?'
		}
		return r
	}, name)
}

func instant(at *time.Time) string {
	if at == nil {
		return "-"
	}
	return at.UTC().Format(time.RFC3339)
}
