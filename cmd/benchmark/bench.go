package main

import "errors"

// bench is one run.
type bench struct {
	config

	scratch string
	results *results
	sites   [2]*site
}

func (b *bench) small() *site { return b.sites[0] }
func (b *bench) large() *site { return b.sites[1] }

// leave gives the databases up.
func (b *bench) leave() error {
	var errs []error
	for _, site := range b.sites {
		if site != nil {
			errs = append(errs, site.close())
		}
	}
	return errors.Join(errs...)
}
