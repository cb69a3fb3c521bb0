package rights_test

import (
	"fmt"

	"github.com/kontakty/kontakty/internal/access"
	"github.com/kontakty/kontakty/internal/export/rights"
)

// A file may be fetched by whom it shows nothing that they may not see.
func ExampleRights_Cover() {
	made := rights.Of(access.Principal{Grants: access.Grants{Campaigns: []string{"debts"}}, Scopes: []access.Scope{access.ScopeAddresses}})
	masked := rights.Of(access.Principal{Grants: access.Grants{Campaigns: []string{"debts", "sales"}}})
	everything := rights.Of(access.Principal{Grants: access.Grants{Unrestricted: true}, Scopes: []access.Scope{access.ScopeAddresses}})
	fmt.Println(masked.Cover(made), everything.Cover(made), masked.Cover(masked.And(made)))
	// Output: false true true
}
