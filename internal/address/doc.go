// Package address makes the keys that addresses are compared by: those that the platform stored and those that people
// ask for alike. An address is whatever a contact came from or went to: a phone number, a mailbox, a SIP address, the
// name of a sender, or the word that a withheld number is written as.
//
// Libraries for phone numbers guess: they read "101" as +48101 and the letters of "wew. 12" as keypad digits. A report
// must not guess, so the spellings that are understood are just these; whatever else there is stands for itself.
package address
