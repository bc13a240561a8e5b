// Go's net/http as a peer: one handler that answers what credits answers at /livez.
package main

import (
	"log"
	"net/http"
	"os"
	"time"
)

var body = []byte(`{"status":"ok","version":"0.1.0"}`)

func livez(response http.ResponseWriter, request *http.Request) {
	header := response.Header()
	header.Set("Content-Type", "application/json")
	header.Set("X-Request-Id", "0123456789abcdef0123456789abcdef")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	response.Write(body)
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("/livez", livez)
	server := http.Server{
		Addr:              "127.0.0.1:" + os.Args[1],
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       75 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}
