package products

// Product is something that a seller offers.
type Product struct {
	SKU        string `json:"sku"`
	Headline   string `json:"headline"`
	PriceCents int    `json:"price_cents"`
}

var known []Product

func all() []Product { return known }

func add(product Product) { known = append(known, product) }

func find(sku string) *Product {
	for at := range known {
		if known[at].SKU == sku {
			return &known[at]
		}
	}
	return nil
}

// page gives the first products, as many as one page holds.
func page(products []Product, size int) []Product {
	if len(products) > size {
		return products[:size]
	}
	return products
}
