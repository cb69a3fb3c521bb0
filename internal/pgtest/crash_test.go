package pgtest_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/kontakty/kontakty/internal/pgtest"
)

// endVariable, in a test process begun by the test below, says how it ends.
const endVariable = "KONTAKTY_PGTEST_END"

// TestPgtest_EndsWithItsProcess is the only test of such a process; elsewhere it has nothing to do.
func TestPgtest_EndsWithItsProcess(t *testing.T) {
	end := os.Getenv(endVariable)
	if end == "" {
		return
	}
	database := pgtest.New(t)
	var directory string
	if err := database.Pool.QueryRow(t.Context(), "SELECT current_setting('data_directory')").Scan(&directory); err != nil {
		t.Fatal(err)
	}
	fmt.Println("running", directory, database.URL)
	_, _ = io.Copy(io.Discard, os.Stdin) // until told to go on
	switch end {
	case "panic":
		ended := make(chan struct{})
		go func() { panic("on purpose") }()
		<-ended
	case "exit":
		os.Exit(3)
	}
}

func TestGuardian_LeavesNothingHoweverTheTestsEnd(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"panic", "exit", "killed", "interrupted"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			program, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			command := exec.Command(program, "-test.run=^TestPgtest_EndsWithItsProcess$")
			command.Env = append(os.Environ(), endVariable+"="+end, "KONTAKTY_TEST_DATABASE_URL=")
			command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			var errors bytes.Buffer
			command.Stderr = &errors
			input, err := command.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			output, err := command.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = command.Process.Kill() }()
			said, err := bufio.NewReader(output).ReadString('\n')
			if err != nil {
				t.Fatalf("%v: %s", err, &errors)
			}
			var directory, url string
			if _, err := fmt.Sscanf(said, "running %s %s", &directory, &url); err != nil {
				t.Fatalf("it said %q: %v", said, err)
			}
			switch end {
			case "killed":
				_ = command.Process.Kill()
			case "interrupted":
				_ = syscall.Kill(-command.Process.Pid, syscall.SIGINT)
			default:
				_ = input.Close()
			}
			if err := command.Wait(); err == nil {
				t.Error("it ended well")
			}
			directory = strings.TrimSuffix(directory, "/postgres")
			for deadline := time.Now().Add(30 * time.Second); ; {
				_, statErr := os.Stat(directory)
				conn, connErr := pgx.Connect(context.Background(), url)
				if connErr == nil {
					_ = conn.Close(context.Background())
				}
				if os.IsNotExist(statErr) && connErr != nil {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("the directory: %v; the server: %v", statErr, connErr)
				}
			}
		})
	}
}
