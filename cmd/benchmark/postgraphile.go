package main

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"
)

// postGraphileFiles are its preset and what to install; they lie in a directory of their own beside the databases.
//
//go:embed postgraphile
var postGraphileFiles embed.FS

// The same pages as PostGraphile has them.
const (
	postGraphileFullPage = `query Report($from: String!, $before: String!) {
  allContacts(condition: {startedFrom: $from, startedBefore: $before}, orderBy: PRIMARY_KEY_DESC, first: 50) {
    pageInfo { hasNextPage endCursor }
    nodes {
      id externalId type status startedAt sourceAddress destinationAddress ccAddresses ticketId
      ivrTime ringTime agentTalkTime talkTime hangupParty
      campaign { id name }
      agent { id name deletedAt }
      queue { id name }
      classifier { id name }
      record { id externalId significantName significantValue }
      ivrStepsList { position name kind choice enteredAt leftAt }
    }
  }
}`
	postGraphileLeanPage = `query Lean($from: String!, $before: String!) {
  allContacts(condition: {startedFrom: $from, startedBefore: $before}, orderBy: PRIMARY_KEY_DESC, first: 50) {
    pageInfo { hasNextPage endCursor }
    nodes { externalId startedAt status }
  }
}`
)

// postGraphile is PostGraphile, a peer that runs in this very run.
type postGraphile struct {
	command *exec.Cmd
	address string
}

// startPostGraphile starts it on the database of a site, if it is installed; otherwise missing says how to install it.
func startPostGraphile(ctx context.Context, b *bench) (_ *postGraphile, missing string, err error) {
	dir := filepath.Join(b.dir, "postgraphile")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, "", err
	}
	files, err := postGraphileFiles.ReadDir("postgraphile")
	if err != nil {
		return nil, "", err
	}
	for _, file := range files {
		content, err := postGraphileFiles.ReadFile("postgraphile/" + file.Name())
		if err != nil {
			return nil, "", err
		}
		if err := os.WriteFile(filepath.Join(dir, file.Name()), content, 0o644); err != nil {
			return nil, "", err
		}
	}
	missing = "not installed; npm install in the directory postgraphile beside the databases brings it"
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "postgraphile")); err != nil {
		return nil, missing, nil
	}
	node, found := recentNode(ctx, dir)
	if !found {
		return nil, missing, nil
	}
	command := exec.CommandContext(ctx, node, "server.mjs")
	command.Dir = dir
	command.Env = append(os.Environ(), "DATABASE_URL="+b.large().database.URL(), "GRAPHILE_ENV=production", "NODE_ENV=production")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	printed, err := command.StdoutPipe()
	if err != nil {
		return nil, "", err
	}
	if err := command.Start(); err != nil {
		return nil, "", err
	}
	p := &postGraphile{command: command}
	if _, err := fmt.Fscanln(printed, &p.address); err != nil {
		return nil, "", errors.Join(fmt.Errorf("it did not start: %w", err), p.stop(), errors.New(tail(stderr.String())))
	}
	return p, "", nil
}

// recentNode finds a Node of version 22 or newer: the one installed beside PostGraphile, or the machine's.
func recentNode(ctx context.Context, dir string) (string, bool) {
	for _, node := range []string{filepath.Join(dir, "node_modules", ".bin", "node"), "node"} {
		version, err := exec.CommandContext(ctx, node, "--version").Output()
		var major int
		if _, scanned := fmt.Sscanf(string(version), "v%d.", &major); err == nil && scanned == nil && major >= 22 {
			return node, true
		}
	}
	return "", false
}

func (p *postGraphile) stop() error {
	if err := p.command.Process.Kill(); err != nil {
		return err
	}
	_ = p.command.Wait() // it was killed, and says so
	return nil
}

// pages is the same load as ours on kontakty, whose rows its answers must hold.
func (p *postGraphile) pages(ctx context.Context, name, document string, ours target) (target, error) {
	t := target{name: name, address: p.address}
	zone, err := time.LoadLocation("Europe/Warsaw")
	if err != nil {
		return target{}, err
	}
	for i, period := range periods() {
		from, err := time.ParseInLocation(time.DateOnly, period.From, zone)
		if err != nil {
			return target{}, err
		}
		to, err := time.ParseInLocation(time.DateOnly, period.To, zone)
		if err != nil {
			return target{}, err
		}
		body, err := json.Marshal(map[string]any{"query": document, "variables": map[string]string{
			"from": from.UTC().Format(time.RFC3339), "before": to.AddDate(0, 0, 1).UTC().Format(time.RFC3339),
		}})
		if err != nil {
			return target{}, err
		}
		request := fmt.Appendf(nil, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: application/json\r\nContent-Length: %d\r\n\r\n%s", p.address, len(body), body)
		got, err := once(ctx, p.address, request)
		if err != nil {
			return target{}, err
		}
		want, err := once(ctx, ours.address, ours.requests[i])
		if err != nil {
			return target{}, err
		}
		if keys := externalIDs(want); len(keys) == 0 || !slices.Equal(keys, externalIDs(got)) {
			return target{}, fmt.Errorf("its page has other rows: %.300s", got)
		}
		t.requests = append(t.requests, request)
	}
	return t, nil
}

// externalIDs are those of the contacts of an answer, in its order.
func externalIDs(answer []byte) []string {
	var page struct {
		Data map[string]struct {
			Nodes []struct{ ExternalID string }
		}
	}
	if err := json.Unmarshal(answer, &page); err != nil {
		return nil
	}
	var all []string
	for _, contacts := range page.Data {
		for _, node := range contacts.Nodes {
			all = append(all, node.ExternalID)
		}
	}
	return all
}
