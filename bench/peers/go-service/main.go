// Go's net/http with pgx as a peer: a balance is one SELECT, an add one UPDATE. It keeps no ledger.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v4"
	"github.com/jackc/pgx/v4/pgxpool"
)

const prefix = "/api/credits/"
const largestBody = 1 << 20

const balance = "SELECT user_id, credits, last_updated FROM credits WHERE user_id = $1"
const add = "UPDATE credits SET credits = credits + $1, last_updated = now() WHERE user_id = $2 " +
	"RETURNING user_id, credits, last_updated"

type account struct {
	UserID      int64     `json:"user_id"`
	Credits     int64     `json:"credits"`
	LastUpdated time.Time `json:"last_updated"`
}

type change struct {
	Amount int64 `json:"amount"`
}

type service struct {
	pool *pgxpool.Pool
}

func (s service) ServeHTTP(response http.ResponseWriter, request *http.Request) {
	id, action, _ := strings.Cut(strings.TrimPrefix(request.URL.Path, prefix), "/")
	user, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		http.Error(response, `{"detail":"not a user"}`, http.StatusUnprocessableEntity)
		return
	}
	switch {
	case request.Method == http.MethodGet && action == "":
		s.answer(response, request, balance, user)
	case request.Method == http.MethodPost && action == "add":
		var change change
		body := http.MaxBytesReader(response, request.Body, largestBody)
		if json.NewDecoder(body).Decode(&change) != nil || change.Amount < 1 {
			http.Error(response, `{"detail":"not an amount"}`, http.StatusUnprocessableEntity)
			return
		}
		s.answer(response, request, add, change.Amount, user)
	default:
		http.Error(response, `{"detail":"Not Found"}`, http.StatusNotFound)
	}
}

func (s service) answer(
	response http.ResponseWriter, request *http.Request, statement string, values ...any,
) {
	var found account
	row := s.pool.QueryRow(request.Context(), statement, values...)
	err := row.Scan(&found.UserID, &found.Credits, &found.LastUpdated)
	if errors.Is(err, pgx.ErrNoRows) {
		http.Error(response, `{"detail":"User not found"}`, http.StatusNotFound)
		return
	}
	if err != nil {
		log.Print(err)
		http.Error(response, `{"detail":"Internal Server Error"}`, http.StatusInternalServerError)
		return
	}
	body, err := json.Marshal(found)
	if err != nil {
		log.Print(err)
		return
	}
	response.Header().Set("Content-Type", "application/json")
	response.Write(body)
}

// go-service PORT DATABASE CONNECTIONS; 0 connections: as many as pgx takes by itself.
func main() {
	settings, err := pgxpool.ParseConfig(os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	if size, err := strconv.Atoi(os.Args[3]); err == nil && size > 0 {
		settings.MaxConns = int32(size)
	}
	pool, err := pgxpool.ConnectConfig(context.Background(), settings)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle(prefix, service{pool})
	server := http.Server{
		Addr:              "127.0.0.1:" + os.Args[1],
		Handler:           mux,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       75 * time.Second,
	}
	log.Fatal(server.ListenAndServe())
}
