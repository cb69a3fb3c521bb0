package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user that PostgreSQL runs as.
type account struct {
	uid, gid int
	// foreign says that it is another user than the one who runs this process, which is root then.
	foreign bool
}

// accountFor finds whom PostgreSQL runs as. For an ordinary user that is the user. Root, which PostgreSQL refuses,
// takes the owner of the cluster, else the owner of the data directory, else postgres, else nobody.
func accountFor(p place) (account, error) {
	self := os.Geteuid()
	if self != 0 {
		if owner, err := ownerOf(p.cluster()); err == nil && owner != self {
			return account{}, fmt.Errorf("the private PostgreSQL in %s belongs to user %s: run as that user or as root, or choose another data directory with --data-dir",
				p.cluster(), userNameOf(owner))
		}
		return account{uid: self, gid: os.Getegid()}, nil
	}
	for _, path := range []string{p.cluster(), p.directory} {
		owner, err := ownerOf(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return account{}, err
		}
		if owner == 0 {
			continue
		}
		if u, err := user.LookupId(strconv.Itoa(owner)); err == nil {
			return accountOf(u)
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil && u.Uid != "0" {
			return accountOf(u)
		}
	}
	return account{}, errors.New("PostgreSQL refuses to run as root, and there is neither a user postgres nor a user nobody to run it as: run Kontakty as an ordinary user")
}

func accountOf(u *user.User) (account, error) {
	uid, err := strconv.Atoi(u.Uid)
	if err != nil {
		return account{}, fmt.Errorf("reading the number of user %s: %w", u.Username, err)
	}
	gid, err := strconv.Atoi(u.Gid)
	if err != nil {
		return account{}, fmt.Errorf("reading the group of user %s: %w", u.Username, err)
	}
	return account{uid: uid, gid: gid, foreign: true}, nil
}

// apart makes a program run as the account, and not be signalled by the terminal's Ctrl-C and hang-up: those must end
// Kontakty, which then ends PostgreSQL in order.
func (a account) apart() *syscall.SysProcAttr {
	attributes := &syscall.SysProcAttr{Setsid: true}
	if a.foreign {
		attributes.Credential = &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)}
	}
	return attributes
}

// give hands a file or directory to the account.
func (a account) give(path string) error {
	if !a.foreign {
		return nil
	}
	if err := os.Lchown(path, a.uid, a.gid); err != nil {
		return fmt.Errorf("handing %s to user %s: %w", path, userNameOf(a.uid), err)
	}
	return nil
}

func giveToOwnerOfParent(path string) error {
	info, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	parent := info.Sys().(*syscall.Stat_t)
	if parent.Uid == 0 {
		return nil
	}
	return os.Lchown(path, int(parent.Uid), int(parent.Gid))
}

func ownerOf(path string) (int, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	return int(info.Sys().(*syscall.Stat_t).Uid), nil
}

func userNameOf(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}

// explainPermission says whose a file is that this process may not touch.
func explainPermission(path string, err error) error {
	if !errors.Is(err, fs.ErrPermission) {
		return err
	}
	owner, statErr := ownerOf(path)
	if statErr != nil {
		return err
	}
	return fmt.Errorf("%s belongs to user %s: run as that user or as root, or choose another data directory with --data-dir: %w", path, userNameOf(owner), err)
}
