// Package sellers holds who sells.
package sellers

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"

	"saltmarsh.example/catalog/internal/bus"
)

// Routes of the sellers.
func Routes() http.Handler {
	r := chi.NewRouter()
	r.Post("/", join)
	r.Route("/{sellerID}", func(r chi.Router) {
		r.Get("/", read)
		r.Patch("/", change)
	})
	return r
}

func join(w http.ResponseWriter, r *http.Request) {
	var seller Seller
	if json.NewDecoder(r.Body).Decode(&seller) != nil || !seller.complete() {
		w.WriteHeader(http.StatusUnprocessableEntity)
		return
	}
	bus.Publish("catalog.seller.joined", seller.DisplayName)
	w.WriteHeader(http.StatusCreated)
}

func read(w http.ResponseWriter, r *http.Request) {
	_ = json.NewEncoder(w).Encode(chi.URLParam(r, "sellerID"))
}

func change(w http.ResponseWriter, r *http.Request) {
	w.WriteHeader(http.StatusNoContent)
}
