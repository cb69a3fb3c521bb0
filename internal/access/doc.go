// Package access says who asks, what they may see, how much they may ask for, and what they did.
//
// A request brings an API key or a token of an OpenID Connect provider; Authenticator makes a Principal of it. A
// principal has scopes, which say what of a contact it may see and what it may do, and grants, which say which
// contacts exist for it. Limiter charges it for what it asks, and Audit writes down what it opened, ordered and
// fetched. Masked shows an address to those who may not see it whole.
//
// What must hold:
//   - Nobody is let in by default: no principal, no scope, no grant and a claim in an unexpected form all mean less,
//     never more. The zero Principal may do nothing and sees no contact.
//   - A scope never implies another, neither does ScopeAdmin.
//   - A key is kept as the SHA-256 of its secret, compared in constant time, and shown once. Whoever reads the
//     database or the log cannot use it.
//   - A revoked, expired or changed key is refused within a second in every process: what a process knows about a key
//     it believes for freshFor and no longer, with or without a notification.
//   - A refusal tells nothing but what its receiver knows already: only who brought the right secret learns that a key
//     was revoked or has expired.
//   - Wrong credentials cost their address, never those who share it and were let in before.
//   - Everything held in memory is bounded, and no goroutine outlives the call that began it.
//   - The audit log only grows, and it names things, never their content. What cannot be written down must not be
//     shown: the caller fails with Write.
//   - Names, addresses and tokens are in no error and no log line.
//
// Contacts, campaigns and agents are named by their external ids, so that a provider's claims and a command line can
// name them; Grants.Resolve turns them into our numbers when they are used, so what is imported later is seen later.
package access
