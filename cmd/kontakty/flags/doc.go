// Package flags is what the commands of Kontakty can be told: by flags, by the environment or by a configuration file.
//
// Values are kept as the text that was given. Check reads them and notes everything that is wrong in Faults, so that one run
// tells all of it; after a Check without faults, Config gives what the process works with.
package flags
