package sellers

// Seller is somebody who offers products.
type Seller struct {
	DisplayName string `json:"display_name"`
	CountryCode string `json:"country_code"`
}

func (s Seller) complete() bool {
	return s.DisplayName != "" && len(s.CountryCode) == 2
}
