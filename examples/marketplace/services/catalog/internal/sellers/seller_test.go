package sellers

import "testing"

func TestSeller(t *testing.T) {
	t.Run("TC-CAT-003 a seller has a country", func(t *testing.T) {
		if (Seller{DisplayName: "Mill Pottery"}).complete() {
			t.Fatal("a seller without a country is complete")
		}
	})
}
