package access_test

import (
	"fmt"
	"time"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/fault"
)

// No scope implies another, and the zero Principal may nothing.
func ExamplePrincipal_Require() {
	reader := access.Principal{Kind: access.APIKey, ID: "abcdefghij", Scopes: []access.Scope{access.ScopeRead}}
	fmt.Println(reader, reader.Require(access.ScopeRead))
	fmt.Println(reader.Require(access.ScopeRead, access.ScopeExports))
	fmt.Println(fault.CodeOf(access.Principal{}.Require(access.ScopeRead)))
	// Output:
	// key:abcdefghij <nil>
	// This needs the scope exports, which you do not have. Ask the administrator for it.
	// FORBIDDEN
}

// A bucket is charged by cost; what it lacks, it says how long to wait for.
func ExampleLimiter() {
	now := time.Date(2024, time.April, 10, 9, 30, 0, 0, time.UTC)
	limiter := access.NewLimiter(600, 1000, func() time.Time { return now })
	fmt.Println(limiter.Charge("key:abcdefghij", 900), limiter.Remaining("key:abcdefghij"))
	wait, limited := access.RetryAfter(limiter.Charge("key:abcdefghij", 300))
	fmt.Println(wait, limited)
	now = now.Add(wait)
	fmt.Println(limiter.Charge("key:abcdefghij", 300))
	// Output:
	// <nil> 100
	// 20s true
	// <nil>
}

// Grants that mean the same read the same.
func ExampleGrants_String() {
	fmt.Println(access.Grants{Campaigns: []string{"b", "a", "b"}})
	fmt.Println(access.Grants{Campaigns: []string{"a"}, Unrestricted: true})
	// Output:
	// {"campaigns":["a","b"]}
	// {"unrestricted":true}
}
