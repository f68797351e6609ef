// Package products holds what can be bought.
package products

import (
	"encoding/json"
	"net/http"

	"github.com/go-chi/chi/v5"

	"saltmarsh.example/catalog/internal/bus"
	"saltmarsh.example/catalog/internal/settings"
)

type handlers struct {
	given settings.Settings
}

// Routes of the products.
func Routes(given settings.Settings) http.Handler {
	h := handlers{given: given}
	r := chi.NewRouter()
	r.Get("/", h.list)
	r.Post("/", h.create)
	r.Get("/{productID}", h.read)
	r.Put("/{productID}/price", h.setPrice)
	return r
}

func (h handlers) list(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, page(all(), h.given.PageSize))
}

// Best answers with what is bought most.
func Best(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, page(all(), 10))
}

func (h handlers) create(w http.ResponseWriter, r *http.Request) {
	var product Product
	if json.NewDecoder(r.Body).Decode(&product) != nil || product.PriceCents < 1 {
		answer(w, http.StatusUnprocessableEntity, nil)
		return
	}
	add(product)
	bus.Publish("catalog.product.listed", product.SKU)
	answer(w, http.StatusCreated, product)
}

func (h handlers) read(w http.ResponseWriter, r *http.Request) {
	answer(w, http.StatusOK, find(chi.URLParam(r, "productID")))
}

func (h handlers) setPrice(w http.ResponseWriter, r *http.Request) {
	id := chi.URLParam(r, "productID")
	bus.Publish("catalog.price.changed", id)
	answer(w, http.StatusOK, find(id))
}

func answer(w http.ResponseWriter, status int, body any) {
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
