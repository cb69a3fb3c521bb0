// Package sample makes up the contacts of a call centre that never was, and fills a database with them: the demo's data
// and the data of kontakty seed.
//
// What must hold: the same Config gives the same contacts to the last byte, on any machine and however many goroutines
// make them. Therefore every hour of the report is made by itself from the seed and the hour's own number, all
// arithmetic is on integers, and nothing is drawn from a clock. No hour needs another, so memory does not grow with the
// number of contacts. Every contact obeys the report's specification: what cannot happen on the platform is not here.
//
// Nobody is meant: names are put together from lists, numbers are drawn by chance, and e-mail addresses lie in the
// domains reserved for examples.
package sample
