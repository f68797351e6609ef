// The catalogue service.
package main

import (
	"log"
	"net/http"

	"github.com/go-chi/chi/v5"

	"saltmarsh.example/catalog/internal/products"
	"saltmarsh.example/catalog/internal/sellers"
	"saltmarsh.example/catalog/internal/settings"
)

func main() {
	given := settings.Read()
	r := chi.NewRouter()
	r.Route("/v1", func(r chi.Router) {
		r.Mount("/products", products.Routes(given))
		r.Mount("/sellers", sellers.Routes())
		r.Get("/best-sellers", products.Best)
	})
	log.Fatal(http.ListenAndServe(":8103", r))
}
