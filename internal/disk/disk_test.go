package disk_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/kontakty/kontakty/internal/disk"
)

func ExampleRoom_Level() {
	const gigabyte = 1 << 30
	for _, free := range []int64{11, 9, 1} {
		fmt.Println(disk.Room{Free: free * gigabyte, Size: 100 * gigabyte}.Level(0))
	}
	fmt.Println(disk.Room{Free: 11 * gigabyte, Size: 100 * gigabyte}.Level(12*gigabyte) == disk.Full)
	// Output:
	// 0
	// 1
	// 2
	// true
}

func TestOf_FindsTheRoomOfADirectoryThatIsThere(t *testing.T) {
	t.Parallel()
	room, err := disk.Of(t.TempDir())
	if err != nil || room.Free <= 0 || room.Size < room.Free {
		t.Errorf("there are %+v, %v", room, err)
	}
	if _, err := disk.Of(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a directory that is missing has room")
	}
}
