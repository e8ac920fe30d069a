// Asks OpenAI's API once per name, all at once, by Go's standard library.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"
)

var lock sync.Mutex

func ask(name string) string {
	start := now()
	body, _ := json.Marshal(map[string]any{
		"model":    "gpt-4o-mini",
		"messages": []map[string]string{{"role": "user", "content": "worker " + name + ": ask"}},
	})
	request, _ := http.NewRequest("POST", os.Getenv("OPENAI_BASE_URL")+"/chat/completions", bytes.NewReader(body))
	request.Header.Set("content-type", "application/json")
	request.Header.Set("authorization", "Bearer "+os.Getenv("OPENAI_API_KEY"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	note(name, start)
	var answer struct {
		Choices []struct{ Message struct{ Content string } }
	}
	if json.Unmarshal(text, &answer) != nil || len(answer.Choices) == 0 {
		return string(text)
	}
	return answer.Choices[0].Message.Content
}

func now() float64 { return float64(time.Now().UnixMicro()) / 1e6 }

func note(name string, start float64) {
	lock.Lock()
	defer lock.Unlock()
	log, err := os.OpenFile(os.Getenv("SWARM_LOG"), os.O_APPEND|os.O_WRONLY|os.O_CREATE, 0o600)
	if err != nil {
		panic(err)
	}
	defer log.Close()
	fmt.Fprintf(log, `{"kind":"call","name":%q,"pid":%d,"start":%f,"end":%f}`+"\n", name, os.Getpid(), start, now())
}

func main() {
	names := os.Args[1:]
	texts := make([]string, len(names))
	var all sync.WaitGroup
	for index, name := range names {
		all.Go(func() { texts[index] = ask(name) })
	}
	all.Wait()
	fmt.Println(texts)
}
