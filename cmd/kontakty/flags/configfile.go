package flags

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// ConfigFile is the flag that names a JSON file of settings. What is wrong with the file joins the other
// faults instead of ending the check.
type ConfigFile string

// BeforeResolve reads the file when kong asks where values may come from.
func (ConfigFile) BeforeResolve(parser *kong.Kong, ctx *kong.Context, path *kong.Path, wrong *Faults) error {
	name := string(ctx.FlagValue(path.Flag).(ConfigFile))
	if name == "" {
		return nil
	}
	content, err := os.ReadFile(name)
	if err != nil {
		wrong.Add("--config", err.Error(), "name a JSON file that can be read")
		return nil
	}
	ctx.AddResolver(readConfigFile(parser.Model, name, content, wrong))
	return nil
}

// fileValues gives kong the values of a configuration file.
type fileValues map[string]string

// readConfigFile reads the content of a configuration file: one JSON object whose keys are flags of any command.
func readConfigFile(model *kong.Application, name string, content []byte, wrong *Faults) fileValues {
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var values map[string]any
	if err := decoder.Decode(&values); err != nil {
		wrong.Add(name, "not a JSON object: "+err.Error(), `write for example {"listen": "127.0.0.1:8080"}`)
		return nil
	}
	flags := flagsOf(model.Node)
	settings := fileValues{}
	for key, value := range values {
		if _, found := flags[key]; !found {
			wrong.Add(name, fmt.Sprintf("%q is not a setting", key), "the flags of \"kontakty serve --help\" are the settings, without their dashes in front")
			continue
		}
		text, ok := settingText(value)
		if !ok {
			wrong.Add(name, fmt.Sprintf("%q is neither text, a number, true, false nor a list of texts", key), "see \"kontakty serve --help\"")
			continue
		}
		settings[key] = text
	}
	slices.SortFunc(*wrong, func(a, b fault) int {
		return strings.Compare(a.setting+a.wrong, b.setting+b.wrong)
	})
	return settings
}

// Validate has nothing to do: readConfigFile noted the faults.
func (fileValues) Validate(*kong.Application) error { return nil }

// Resolve gives the value of a flag that the command line does not give. The environment wins over the file.
func (s fileValues) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	text, ok := s[flag.Name]
	if !ok {
		return nil, nil
	}
	for _, name := range flag.Envs {
		if _, set := os.LookupEnv(name); set {
			return nil, nil
		}
	}
	return text, nil
}

// settingText is a value as it would stand on the command line.
func settingText(value any) (string, bool) {
	switch value := value.(type) {
	case string:
		return value, true
	case json.Number:
		return value.String(), true
	case bool:
		return fmt.Sprint(value), true
	case []any:
		texts := make([]string, len(value))
		for i, item := range value {
			text, ok := item.(string)
			if !ok {
				return "", false
			}
			texts[i] = text
		}
		return strings.Join(texts, ","), true
	default:
		return "", false
	}
}

// flagsOf finds the flags of a command and of all below it.
func flagsOf(node *kong.Node) map[string]*kong.Flag {
	flags := map[string]*kong.Flag{}
	for _, flag := range node.Flags {
		if flag.Name != "help" && flag.Name != "config" {
			flags[flag.Name] = flag
		}
	}
	for _, child := range node.Children {
		for name, flag := range flagsOf(child) {
			flags[name] = flag
		}
	}
	return flags
}
