package server

import (
	"fmt"
	"net/http/httptest"
)

// Only a proxy that is trusted says where a request comes from.
func ExampleProxies_Address() {
	trusted, err := ParseProxies("10.0.0.0/8")
	if err != nil {
		fmt.Println(err)
		return
	}
	proxies := Proxies{trusted}
	request := httptest.NewRequest("POST", "/graphql", nil)
	request.Header.Set("X-Forwarded-For", "198.51.100.1, 203.0.113.7")
	for _, peer := range []string{"10.1.2.3:4567", "192.0.2.9:4567"} {
		request.RemoteAddr = peer
		fmt.Println(proxies.Address(request))
	}
	// Output:
	// 203.0.113.7
	// 192.0.2.9
}
