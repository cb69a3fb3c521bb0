package directory_test

import (
	"context"
	"fmt"

	"github.com/kontakty/kontakty/internal/contact"
	"github.com/kontakty/kontakty/internal/directory"
	"github.com/kontakty/kontakty/internal/postgres"
	"github.com/kontakty/kontakty/internal/relay"
)

// A directory follows the database, and says which of the things exist for a viewer.
func ExampleDirectory_Visibility() {
	ctx := context.Background()
	pool, err := postgres.Open(ctx, postgres.Config{URL: "postgres:///kontakty"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer pool.Close()
	things := directory.New(pool.DB, relay.NewSigner([]byte("the key of a database, 32 bytes ")))
	if err := things.Refresh(ctx); err != nil {
		fmt.Println(err)
		return
	}
	go func() { _ = postgres.Follow(ctx, pool, directory.Channel, things.Follow) }()
	visibility := things.Visibility(contact.Unlimited.Reach)
	agents, err := visibility.ListAgents(ctx, directory.ListArgs{}, false)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, agent := range agents.Nodes() {
		fmt.Println(visibility.AgentName(agent))
	}
}
